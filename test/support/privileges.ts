import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { describe, test } from "vitest";

/** Why a test cannot run here, or undefined when it can. */
export type Requirement = () => string | undefined;

/** linux/capability.h */
const capabilityBits = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_BPF: 39 } as const;

let namespaceAnswer: { readonly reason: string | undefined } | undefined;

export const requirements = {
  root: () => (process.geteuid?.() === 0 ? undefined : "needs root"),

  /** The capabilities with which BPF programs load and attach. */
  bpf: () => {
    const text = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
    const effective = BigInt(`0x${text}`);
    const missing = Object.entries(capabilityBits).filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n);
    return missing.length === 0 ? undefined : `needs ${missing.map(([name]) => name).join(", ")}`;
  },

  /** Tried once: a container may be root and still not be let. */
  namespaces: () => {
    namespaceAnswer ??= { reason: tryNamespace(`ringcap-${process.pid}-probe`) };
    return namespaceAnswer.reason;
  },

  tools:
    (...names: readonly string[]): Requirement =>
    () => {
      const missing = names.filter((name) => !isInstalled(name));
      return missing.length === 0 ? undefined : `needs ${missing.join(", ")}`;
    },

  /** A module of Debian's Python. */
  debianPython:
    (module: string): Requirement =>
    () =>
      spawnSync("/usr/bin/python3", ["-c", `import ${module}`]).status === 0 ? undefined : `needs Python's ${module}`,
} satisfies Record<string, Requirement | ((...names: readonly string[]) => Requirement)>;

/** Whether PATH has the program, or it is an absolute path of one. */
function isInstalled(name: string): boolean {
  const directories = isAbsolute(name) ? [""] : (process.env.PATH ?? "").split(delimiter);
  return directories.some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function tryNamespace(name: string): string | undefined {
  const added = spawnSync("ip", ["netns", "add", name], { encoding: "utf8" });
  if (added.status !== 0) {
    return `needs network namespaces: ${added.error?.message ?? added.stderr.trim()}`;
  }
  spawnSync("ip", ["netns", "delete", name]);
  return undefined;
}

/**
 * `describe` for tests that need something of the machine. Where it is missing they are skipped, with the reason in the
 * title; under CI=true that is a failure instead, because there nobody would notice the skip.
 */
export function describeWith(
  requirement: Requirement | readonly Requirement[],
  name: string,
  define: () => void,
): void {
  const all = typeof requirement === "function" ? [requirement] : requirement;
  const reasons = all.map((missing) => missing()).filter((reason) => reason !== undefined);
  if (reasons.length === 0) {
    describe(name, define);
    return;
  }
  const reason = reasons.join("; ");
  if (process.env.CI === "true") {
    describe(name, () => {
      test("finds on this machine what it requires", () => {
        throw new Error(reason);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${reason})`, define);
  }
}

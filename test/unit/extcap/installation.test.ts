import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hiddenFromOthers, refuseChangeable } from "../../../src/extcap/changeable.ts";
import { installLauncher, launcherState, removeLauncher } from "../../../src/extcap/installation.ts";
import { parseInterfaceName } from "../../../src/extcap/interface-name.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** A program in a folder that everybody enters and root alone changes, which the Node.js of a test need not be. */
const EXECUTABLE = "/bin/sh";

test("a launcher is installed for everybody, found, replaced and removed", () => {
  const folder = join(temporaryDirectory(), "not/there/yet");
  expect(launcherState(folder)).toBe("absent");
  const path = installLauncher(folder);
  expect(statSync(path).mode & 0o777).toBe(0o755);
  expect(launcherState(folder)).toBe("current");
  writeFileSync(path, readFileSync(path, "utf8").replace("node=", "node=/old"));
  expect(launcherState(folder)).toBe("outdated");
  installLauncher(folder);
  expect(launcherState(folder)).toBe("current");
  expect(readdirSync(folder)).toEqual(["ringcap"]);
  expect(removeLauncher(folder)).toBe(true);
  expect(removeLauncher(folder)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that is a file, or below one, is refused", () => {
  const file = join(temporaryDirectory(), "file");
  writeFileSync(file, "");
  expect(() => installLauncher(file)).toThrow(expect.objectContaining({ code: "USAGE", hint: "name a directory" }));
  expect(() => installLauncher(join(file, "below"))).toThrow(
    expect.objectContaining({ code: "OUTPUT", message: expect.stringContaining("ENOTDIR") }),
  );
});

test.each([
  ["a program of another", (path: string) => writeFileSync(path, "#!/bin/sh\necho mine\n")],
  ["a symbolic link", (path: string) => symlinkSync("/etc/passwd", path)],
  ["a directory", (path: string) => mkdirSync(path)],
])("%s is neither replaced nor removed", (_what, make) => {
  const folder = temporaryDirectory();
  make(join(folder, "ringcap"));
  expect(launcherState(folder)).toBe("foreign");
  for (const change of [installLauncher, removeLauncher]) {
    expect(() => change(folder)).toThrow(
      expect.objectContaining({ code: "OUTPUT", hint: expect.stringContaining("move it away") }),
    );
  }
  expect(existsSync(join(folder, "ringcap"))).toBe(true);
});

test.each(["eth0", "ringcap-eth0", "ringcap--xdp", "ringcap-eth0-packet", "", undefined])(
  "%s is no interface of ringcap",
  (name) => {
    expect(() => parseInterfaceName(name)).toThrow(expect.objectContaining({ code: "USAGE" }));
  },
);

test("no name is no interface either", () => {
  expect(() => parseInterfaceName(undefined)).toThrow("no interface is named");
});

test("an interface's name may have hyphens", () => {
  expect(parseInterfaceName("ringcap-veth-a-xdp-tc")).toEqual({ device: "veth-a-xdp", hook: "tc" });
});

test.each([0o666, 0o664])("no right is given to what another user may change: mode %i", (mode) => {
  const folder = temporaryDirectory();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "bin"));
  const script = join(folder, "bin/ringcap.cjs");
  writeFileSync(script, "");
  chmodSync(script, mode);
  expect(() => refuseChangeable("give", script, EXECUTABLE)).toThrow(
    expect.objectContaining({
      code: "PRIVILEGE",
      message: expect.stringMatching(/^give: other users than root may change /),
    }),
  );
});

test("a file that nothing reads in a run may be root's alone, and a module may not", () => {
  const folder = temporaryDirectory();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "bin"));
  const script = join(folder, "bin/ringcap.cjs");
  writeFileSync(script, "", { mode: 0o644 });
  writeFileSync(join(folder, "bin/syn.pcap"), "", { mode: 0o600 });
  const give = () => refuseChangeable("give", script, EXECUTABLE);
  if (process.getuid?.() === 0) expect(give).not.toThrow();
  chmodSync(script, 0o600);
  expect(give).toThrow(expect.objectContaining({ code: "PRIVILEGE" }));
});

test("what other users cannot run is found: all of the way to it counts", () => {
  const folder = temporaryDirectory();
  const file = join(folder, "node");
  writeFileSync(file, "");
  chmodSync(file, 0o644);
  chmodSync(folder, 0o700);
  expect(hiddenFromOthers([file])).toBe(folder);
  chmodSync(folder, 0o755);
  expect(hiddenFromOthers([file])).toBeUndefined();
  chmodSync(file, 0o640);
  expect(hiddenFromOthers([file])).toBe(file);
});

/** How much memory the control groups of this process allow it (cgroups(7)). */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** One line of /proc/self/cgroup: `hierarchy:controllers:path`. Version 2 names no controllers. */
interface Membership {
  readonly controllers: readonly string[];
  readonly path: string;
}

/** One mounted hierarchy of control groups (proc_pid_mountinfo(5)). */
interface Hierarchy {
  readonly type: "cgroup" | "cgroup2";
  readonly options: readonly string[];
  /** The control group that the mount point shows. */
  readonly root: string;
  readonly mountPoint: string;
}

/** Files that hold a limit in bytes. `high` of version 2 slows a group down and reclaims its memory. */
const LIMIT_FILES = { cgroup2: ["memory.max", "memory.high"], cgroup: ["memory.limit_in_bytes"] } as const;

/**
 * The smallest limit in bytes of the control groups of this process and of all groups above them that are visible. It
 * is Infinity where there is no limit, or none that can be read.
 *
 * @param root the directory with `proc` and the mounts
 */
export function memoryLimit(root = "/"): number {
  const memberships = linesOf(join(root, "proc/self/cgroup")).map(parseMembership);
  const hierarchies = linesOf(join(root, "proc/self/mountinfo")).flatMap((line) => parseHierarchy(line) ?? []);
  const limits = hierarchies.flatMap((hierarchy) => {
    const path = memberships.find((membership) => governsMemory(hierarchy, membership))?.path;
    return path === undefined ? [] : limitsOf(hierarchy, path, root);
  });
  return Math.min(...limits, Number.POSITIVE_INFINITY);
}

function governsMemory({ type, options }: Hierarchy, { controllers }: Membership): boolean {
  if (type === "cgroup2") return controllers.length === 0;
  return options.includes("memory") && controllers.includes("memory");
}

/** A group outside the mount, as in a container, is taken for the group that the mount shows. */
function limitsOf({ type, root: shown, mountPoint }: Hierarchy, path: string, root: string): number[] {
  const inside = posix.relative(shown, path);
  const names = inside === "" || inside.startsWith("..") ? [] : inside.split("/");
  return [...names, ""].flatMap((_, depth) => {
    const directory = join(root, mountPoint, ...names.slice(0, depth));
    return LIMIT_FILES[type].flatMap((file) => linesOf(join(directory, file)).map(parseLimit));
  });
}

/** Version 2 writes `max` where there is no limit, version 1 a number near 2^63. */
function parseLimit(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

function parseMembership(line: string): Membership {
  const [, controllers = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  return { controllers: controllers.split(",").filter((name) => name !== ""), path };
}

function parseHierarchy(line: string): Hierarchy | undefined {
  const match = /^\d+ \d+ \S+ (\S+) (\S+) .*- (cgroup2?) \S+ (\S+)$/.exec(line);
  const [, root, mountPoint, type, options] = match ?? [];
  if (root === undefined || mountPoint === undefined || (type !== "cgroup" && type !== "cgroup2")) return undefined;
  return { type, options: options?.split(",") ?? [], root: unescapeOctal(root), mountPoint: unescapeOctal(mountPoint) };
}

/** Spaces and other blanks are written as a backslash and three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** The text is empty where the file cannot be read. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n");
  } catch {
    return [];
  }
}

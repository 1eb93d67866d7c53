import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { memoryLimit } from "../../../src/host/memory-limit.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const MIB = 2 ** 20;
/** What version 1 says where there is no limit: the largest number of whole pages below 2^63. */
const UNLIMITED = "9223372036854771712\n";

/** A directory with these files. */
function treeOf(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const version2 = {
  "proc/self/cgroup": "0::/a.slice/b.service\n",
  "proc/self/mountinfo": [
    "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "31 21 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate",
    "",
  ].join("\n"),
};
const version1 = {
  "proc/self/cgroup": "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/\n",
  "proc/self/mountinfo": [
    "33 31 0:31 /docker/abc /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct",
    "35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
    "",
  ].join("\n"),
};

test.each<[string, Record<string, string>, number]>([
  ["the group itself", { "a.slice/b.service/memory.max": `${64 * MIB}\n` }, 64 * MIB],
  ["a group above it", { "a.slice/memory.max": `${32 * MIB}\n`, "a.slice/b.service/memory.max": "max\n" }, 32 * MIB],
  ["what is mounted as the root", { "memory.max": `${16 * MIB}\n` }, 16 * MIB],
  [
    "the slowing down before the limit",
    { "a.slice/b.service/memory.max": `${64 * MIB}\n`, "a.slice/b.service/memory.high": `${48 * MIB}\n` },
    48 * MIB,
  ],
  ["no neighbour", { "a.slice/c.service/memory.max": `${8 * MIB}\n` }, Number.POSITIVE_INFINITY],
  ["nothing", { "a.slice/memory.max": "max\n", "a.slice/memory.high": "max\n" }, Number.POSITIVE_INFINITY],
])("of version 2: the limit of %s counts", (_name, limits, expected) => {
  const files = Object.entries(limits).map(([path, text]) => [`sys/fs/cgroup/${path}`, text]);
  expect(memoryLimit(treeOf({ ...version2, ...Object.fromEntries(files) }))).toBe(expected);
});

test("of version 1: the limit of the group that the mount shows counts, and of memory's hierarchy alone", () => {
  const limit = { "sys/fs/cgroup/memory/memory.limit_in_bytes": `${128 * MIB}\n` };
  const other = { "sys/fs/cgroup/cpu/memory.limit_in_bytes": `${MIB}\n` };
  expect(memoryLimit(treeOf({ ...version1, ...limit, ...other }))).toBe(128 * MIB);
});

test("of version 1: the groups below the mount's root count", () => {
  const mountinfo = version1["proc/self/mountinfo"].replaceAll(" /docker/abc ", " / ");
  const limits = {
    "sys/fs/cgroup/memory/memory.limit_in_bytes": UNLIMITED,
    "sys/fs/cgroup/memory/docker/memory.limit_in_bytes": `${96 * MIB}\n`,
    "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": UNLIMITED,
  };
  expect(memoryLimit(treeOf({ ...version1, "proc/self/mountinfo": mountinfo, ...limits }))).toBe(96 * MIB);
});

test("a mount point with a blank is found", () => {
  const mountinfo = version2["proc/self/mountinfo"].replace("/sys/fs/cgroup", "/my\\040groups");
  const limit = { "my groups/a.slice/memory.max": `${24 * MIB}\n` };
  expect(memoryLimit(treeOf({ ...version2, "proc/self/mountinfo": mountinfo, ...limit }))).toBe(24 * MIB);
});

test("without /proc there is no limit", () => {
  expect(memoryLimit(temporaryDirectory())).toBe(Number.POSITIVE_INFINITY);
});

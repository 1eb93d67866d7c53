import { expect, test } from "vitest";
import { parseThreadPrivileges, readThreadPrivileges } from "../../../src/host/thread-privileges.ts";

const status = `Name:	node
Uid:	1000	1001	1002	1003
Gid:	20	21	22	23
Groups:	4 24 27 
CapInh:	0000000000000001
CapPrm:	000001ffffffffff
CapEff:	0000000000001000
CapBnd:	000001ffffffffff
CapAmb:	0000000000000000
NoNewPrivs:	1
`;

test("the status of a thread is read in whole", () => {
  expect(parseThreadPrivileges(status)).toEqual({
    users: [1000, 1001, 1002, 1003],
    groups: [20, 21, 22, 23],
    supplementaryGroups: [4, 24, 27],
    inheritable: 1n,
    permitted: 0x1ffffffffffn,
    effective: 1n << 12n,
    ambient: 0n,
    noNewPrivileges: true,
  });
});

test("a thread without supplementary groups has none", () => {
  expect(parseThreadPrivileges(status.replace("4 24 27 ", "")).supplementaryGroups).toEqual([]);
});

test.each(["Uid", "Groups", "CapAmb", "NoNewPrivs"])("a status without %s is not taken for a harmless one", (field) => {
  const without = status.replace(new RegExp(`^${field}:.*\n`, "m"), "");
  expect(() => parseThreadPrivileges(without)).toThrow(`the status of a thread has no ${field}`);
});

test("this process has the threads that the kernel lists", () => {
  const threads = readThreadPrivileges();
  expect(threads.get(process.pid)?.users[1]).toBe(process.geteuid?.());
  expect(threads.size).toBeGreaterThan(1);
});

import { expect, test } from "vitest";
import { checkKernelVersion } from "../../../src/doctor/kernel-version.ts";
import { checkMemoryLock } from "../../../src/doctor/memory-lock.ts";
import { isAtLeast, parseKernelVersion } from "../../../src/host/kernel-version.ts";

test.each([
  ["6.18.44-fc-v669", { major: 6, minor: 18 }],
  ["5.14.0-427.13.1.el9_4.x86_64", { major: 5, minor: 14 }],
  ["6.6-rc1", { major: 6, minor: 6 }],
  ["unknown", undefined],
])("reads the numbers of %s", (release, version) => {
  expect(parseKernelVersion(release)).toEqual(version);
});

test("orders versions by number, not by text", () => {
  expect(isAtLeast({ major: 5, minor: 18 }, 5, 8)).toBe(true);
  expect(isAtLeast({ major: 10, minor: 0 }, 6, 6)).toBe(true);
  expect(isAtLeast({ major: 5, minor: 4 }, 5, 18)).toBe(false);
  expect(isAtLeast({ major: 4, minor: 19 }, 5, 8)).toBe(false);
});

test.each([
  ["6.6.0", "ok", /XDP and TCX/, undefined],
  ["6.5.13", "warning", /clsact/, /6\.6/],
  ["5.18.0", "warning", /clsact/, /6\.6/],
  ["5.15.0-105-generic", "warning", /TC only/, /--hook tc/],
  ["5.4.0", "warning", /ring buffers/, /5\.18/],
])("says of Linux %s what works there", (release, status, finding, remedy) => {
  const check = checkKernelVersion(release);
  expect(check).toMatchObject({ status, finding: expect.stringMatching(finding) });
  if (remedy === undefined) expect(check.remedy).toBeUndefined();
  else expect(check.remedy).toMatch(remedy);
});

const LIMITS = (soft: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max processes             31430                31430                processes \n` +
  `Max locked memory         ${soft.padEnd(20)} ${soft.padEnd(20)} bytes     \n`;
const ordinary = { root: false, capabilities: new Set(["CAP_BPF"] as const), inInitialUserNamespace: true };
const mighty = { ...ordinary, capabilities: new Set(["CAP_SYS_RESOURCE"] as const) };

test("looks at the limit on locked memory only where maps count against it", () => {
  expect(checkMemoryLock("5.11.0", LIMITS("65536"), ordinary)).toBeUndefined();
  expect(checkMemoryLock("5.10.0", LIMITS("65536"), ordinary)).toMatchObject({
    status: "warning",
    finding: expect.stringContaining("65536 bytes"),
    remedy: "ulimit -l unlimited",
  });
  expect(checkMemoryLock("5.10.0", LIMITS("unlimited"), ordinary)).toMatchObject({ status: "ok" });
  expect(checkMemoryLock("5.10.0", LIMITS("65536"), mighty)).toMatchObject({ status: "ok" });
});

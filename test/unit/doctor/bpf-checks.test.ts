import { describe, expect, test } from "vitest";
import { checkBpfFeatures, type FeatureProbes } from "../../../src/doctor/bpf-features.ts";
import { checkBpfJit } from "../../../src/doctor/bpf-jit.ts";
import type { Check } from "../../../src/doctor/check.ts";
import { checkFurtherLoads, checkHooks } from "../../../src/doctor/load-checks.ts";
import { checkNativeAddon } from "../../../src/doctor/native-addon.ts";
import { RingcapError } from "../../../src/errors.ts";

/** Numbers of include/uapi/linux/bpf.h. */
const RINGBUF = 27;
const SCHED_CLS = 3;
const XDP = 6;

const errno = (code: string) => Object.assign(new Error(`${code}: refused`), { code });
const statuses = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ name, status }) => [name, status]));

/** A kernel that supports all but these. */
const kernelWithout = (lack: { maps?: number[]; programs?: number[]; helper?: boolean }): FeatureProbes => ({
  supportsMapType: (type) => !lack.maps?.includes(type),
  supportsProgramType: (type) => !lack.programs?.includes(type),
  supportsHelper: () => lack.helper !== true,
});

describe("the features of the kernel", () => {
  test("are fine when all are there", () => {
    expect(new Set(checkBpfFeatures(kernelWithout({})).map(({ status }) => status))).toEqual(new Set(["ok"]));
  });

  test("are missing where every capture needs them", () => {
    expect(statuses(checkBpfFeatures(kernelWithout({ maps: [RINGBUF] })))).toMatchObject({
      "ring buffer maps": "missing",
      "LPM trie maps": "ok",
    });
  });

  test("are worth a warning where the other hook works without", () => {
    const old = checkBpfFeatures(kernelWithout({ helper: true }));
    expect(old.find(({ name }) => name === "bpf_xdp_load_bytes")).toMatchObject({
      status: "warning",
      remedy: expect.stringContaining("--hook tc"),
    });
    expect(statuses(checkBpfFeatures(kernelWithout({ programs: [SCHED_CLS] })))["TC programs"]).toBe("warning");
  });

  test("are missing when neither hook works", () => {
    expect(statuses(checkBpfFeatures(kernelWithout({ programs: [SCHED_CLS, XDP] })))).toMatchObject({
      "XDP programs": "missing",
      "TC programs": "missing",
    });
    expect(statuses(checkBpfFeatures(kernelWithout({ programs: [SCHED_CLS], helper: true })))).toMatchObject({
      bpf_xdp_load_bytes: "missing",
      "TC programs": "missing",
    });
  });

  test("are not known to a process that may not ask", () => {
    const refuse = () => {
      throw errno("EPERM");
    };
    const checks = checkBpfFeatures({ supportsMapType: refuse, supportsProgramType: refuse, supportsHelper: refuse });
    expect(checks.length).toBeGreaterThan(3);
    for (const check of checks) {
      expect(check).toMatchObject({ status: "warning", finding: "not known without privileges" });
    }
  });
});

describe("the capture program", () => {
  const refused = {
    error: Object.assign(errno("EACCES"), { verifierLog: "3: (85) call\nR1 is bad\nprocessed 3 insns\n" }),
  };

  test("refused at one hook leaves the other, with the verifier's reason", () => {
    const [xdp, tc] = checkHooks(refused, { jited: true });
    expect(xdp).toMatchObject({ status: "warning", finding: expect.stringMatching(/R1 is bad$/) });
    expect(tc).toMatchObject({ status: "ok" });
  });

  test("refused at both is missing", () => {
    expect(checkHooks(refused, refused).map(({ status }) => status)).toEqual(["missing", "missing"]);
  });

  test("that is not installed is missing, with what installs it", () => {
    const details = { code: "INSTALLATION", operation: "open the BPF object", hint: "build it" } as const;
    const absent = { error: new RingcapError("open the BPF object: ENOENT", details) };
    const checks = checkHooks(absent, absent);
    expect(checks).toMatchObject([{ status: "missing", remedy: "build it" }, { status: "missing" }]);
  });

  test("of one kind of filter alone is a warning, with what does not work and what does", () => {
    const load = {
      name: "filters at TC",
      without: "filters by port do not work at TC",
      remedy: "use --hook xdp",
      load: () => refused,
    };
    expect(checkFurtherLoads(true, [load])).toEqual([
      {
        name: "filters at TC",
        status: "warning",
        finding: expect.stringMatching(/^filters by port do not work at TC: R1 is bad$/),
        remedy: expect.any(String),
      },
    ]);
  });

  test("of expressions is not judged without the library that compiles them", () => {
    const load = { name: "expressions at TC", without: "", remedy: "", load: () => refused };
    expect(checkFurtherLoads(false, [load])).toEqual([]);
  });

  test("that may not be loaded is not known to be refused", () => {
    const checks = checkHooks({ error: errno("EPERM") }, { error: errno("EPERM") });
    expect(checks.map(({ finding }) => finding)).toEqual(Array(2).fill("not known without privileges"));
  });
});

test("the JIT is judged by a loaded program before the setting, and not at all without either", () => {
  expect(checkBpfJit(false, "1\n")).toMatchObject({ status: "warning", remedy: expect.stringContaining("sysctl") });
  expect(checkBpfJit(true, undefined)).toMatchObject({ status: "ok" });
  expect(checkBpfJit(undefined, "0\n")).toMatchObject({ status: "warning" });
  expect(checkBpfJit(undefined, "2\n")).toMatchObject({ status: "ok" });
  expect(checkBpfJit(undefined, undefined)).toBeUndefined();
});

test("an addon that cannot be loaded is missing, with what installs it", () => {
  const load = () => {
    throw new RingcapError("load the native addon: no binary", {
      code: "INSTALLATION",
      operation: "load",
      hint: "build it",
    });
  };
  const expected = { status: "missing", finding: "load the native addon: no binary", remedy: "build it" };
  expect(checkNativeAddon(load)).toMatchObject(expected);
});

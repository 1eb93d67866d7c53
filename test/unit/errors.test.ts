import { describe, expect, test } from "vitest";
import { errnoOf, RingcapError, reasonOf, usageError } from "../../src/errors.ts";
import { kernelError, verifierVerdict } from "../../src/host/kernel-error.ts";
import { factsOf } from "../support/kernel-facts.ts";

function systemFailure(code: string, more: object = {}): Error {
  return Object.assign(new Error(`bpf_link_create: ${code} (text)`), { code, ...more });
}

describe("an error of ringcap", () => {
  test("carries what kind it is, what was tried, what to do, and what caused it", () => {
    const cause = new Error("below");
    const error = new RingcapError("text", { code: "KERNEL", operation: "try", hint: "do this", cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "RingcapError", message: "text", code: "KERNEL", operation: "try" });
    expect(error).toMatchObject({ hint: "do this", cause });
    expect(String(error)).toBe("RingcapError: text");
  });

  test("has no cause where none was given", () => {
    expect("cause" in new RingcapError("text", { code: "INTERNAL", operation: "try" })).toBe(false);
  });

  test("about usage begins with the option as it was written", () => {
    expect(usageError("port", '"x" is not a port', "write 80")).toMatchObject({
      code: "USAGE",
      message: 'port: "x" is not a port',
      operation: "read the option port",
      hint: "write 80",
    });
  });
});

describe("a failed system call", () => {
  test.each(["EPERM", "EACCES"])("with %s is a matter of privileges, and the hint names them", (code) => {
    const cause = systemFailure(code);
    expect(kernelError("attach to v0 (xdp-native)", cause, factsOf({ capabilities: [] }))).toMatchObject({
      code: "PRIVILEGE",
      operation: "attach to v0 (xdp-native)",
      message: `attach to v0 (xdp-native): bpf_link_create: ${code} (text)`,
      hint: expect.stringMatching(/root.*CAP_BPF.*CAP_NET_ADMIN.*CAP_PERFMON.*ringcap doctor/),
      cause,
    });
  });

  test.each([
    ["EBUSY", /hook: "tc"/],
    ["EEXIST", /hook: "tc"/],
    ["EOPNOTSUPP", /hook: "xdp-generic"/],
    ["ENOMEM", /bufferSize/],
    ["ENOSYS", /ringcap doctor/],
  ])("with %s says what to do", (code, hint) => {
    expect(kernelError("attach", systemFailure(code))).toMatchObject({
      code: "KERNEL",
      hint: expect.stringMatching(hint),
    });
  });

  test("with an errno for which there is no advice has none", () => {
    expect(kernelError("attach", systemFailure("EXDEV"))).toMatchObject({ code: "KERNEL", hint: undefined });
  });

  test("of the verifier shows its last words instead, whatever the errno", () => {
    const verifierLog =
      "0: (b7) r0 = 0\n1: (71) r0 = *(u8 *)(r1 +0)\ninvalid access to packet\nprocessed 2 insns (limit 1000000)\n";
    const error = kernelError("load the capture program", systemFailure("EACCES", { verifierLog }));
    expect(error.code).toBe("KERNEL");
    expect(error.message).toBe(
      [
        "load the capture program: the kernel refused the program (EACCES):",
        "0: (b7) r0 = 0",
        "1: (71) r0 = *(u8 *)(r1 +0)",
        "invalid access to packet",
      ].join("\n"),
    );
    expect(error.hint).toContain("ringcap doctor");
  });

  test.each([
    ["EMFILE", "0: (95) exit\n"],
    ["ENOMEM", "0: (95) exit\n"],
    ["EINVAL", "13: <invalid BPF map reference>\nBPF map 'x.rodata' is referenced but wasn't created\n"],
  ])("with %s is none of the verifier, whatever it said before: %s", (code, verifierLog) => {
    const { message } = kernelError("load", systemFailure(code, { verifierLog }), factsOf({}));
    expect(message).toBe(`load: bpf_link_create: ${code} (text)`);
  });

  test("with an empty verifier log is any other", () => {
    expect(kernelError("load", systemFailure("EPERM", { verifierLog: "" }))).toMatchObject({ code: "PRIVILEGE" });
  });
});

test("what is already an error of ringcap stays as it is", () => {
  const error = usageError("vlan", "no");
  expect(kernelError("load", error)).toBe(error);
});

test.each([
  [new TypeError("not a function"), "load: not a function"],
  ["thrown text", "load: thrown text"],
  [undefined, "load: undefined"],
])("%s, which is no system call, is a fault of ringcap itself", (thrown, message) => {
  expect(kernelError("load", thrown)).toMatchObject({ code: "INTERNAL", message, hint: undefined });
});

test("a verifier's verdict is its last six lines that are no statistics", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const statistics = ["verification time 12 usec", "stack depth 8", "processed 20 insns (limit 1000000) max_states 0"];
  expect(verifierVerdict([...lines, "", ...statistics, ""].join("\n"))).toBe(lines.slice(14).join("\n"));
  expect(verifierVerdict("")).toBe("");
});

test("the reason of anything thrown is a text", () => {
  expect([new Error("a"), "b", 3, null, undefined].map(reasonOf)).toEqual(["a", "b", "3", "null", "undefined"]);
});

test("only a code that is a text is taken for an errno", () => {
  expect([{ code: "ENOSPC" }, { code: 28 }, {}, null, "ENOSPC", undefined].map(errnoOf)).toEqual([
    "ENOSPC",
    ...[undefined, undefined, undefined, undefined, undefined],
  ]);
});

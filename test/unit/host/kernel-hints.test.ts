import { describe, expect, test } from "vitest";
import { kernelHint } from "../../../src/host/kernel-hints.ts";
import { factsOf } from "../../support/kernel-facts.ts";

const LOADED = { operation: "load the BPF object capture" };

describe("what is refused to a process", () => {
  test.each([
    [["CAP_BPF", "CAP_NET_ADMIN", "CAP_NET_RAW"], /give it the capability CAP_PERFMON; `ringcap doctor`/],
    [["CAP_PERFMON", "CAP_NET_RAW"], /give it the capabilities CAP_BPF and CAP_NET_ADMIN; /],
    [["CAP_PERFMON"], /CAP_BPF and CAP_NET_ADMIN \(`promiscuous`: CAP_NET_RAW too\)/],
    [["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"], /give it the capability CAP_NET_RAW, which `promiscuous`/],
  ] as const)("with the capabilities %j is told what it lacks, and nothing else", (capabilities, hint) => {
    expect(kernelHint({ errno: "EPERM", ...LOADED }, factsOf({ capabilities }))).toMatch(hint);
  });

  test("that captures nothing is not told of capabilities for that", () => {
    const refusal = { errno: "EPERM", ...LOADED, needed: ["CAP_BPF", "CAP_PERFMON"] } as const;
    const hint = kernelHint(refusal, factsOf({ capabilities: ["CAP_BPF"] }));
    expect(hint).toBe("run it as root, or give it the capability CAP_PERFMON; `ringcap doctor` says which are missing");
    expect(kernelHint(refusal, factsOf({ capabilities: ["CAP_BPF", "CAP_PERFMON"] }))).not.toContain("CAP_");
  });

  test.each([
    ["by lockdown", { lockdown: "confidentiality" }, /locked down \(confidentiality\)/],
    ["by the limit of locked memory before Linux 5.11", { release: "5.4.0-100" }, /ulimit -l unlimited/],
    ["by seccomp", { seccomp: true }, /seccomp filter/],
    ["by a user namespace", { inInitialUserNamespace: false }, /outside the user namespace/],
    ["by none of these", {}, /security module/],
  ])("with every capability, %s, is not told of capabilities that it has", (_, facts, hint) => {
    for (const errno of ["EPERM", "EACCES"]) {
      const said = kernelHint({ errno, ...LOADED }, factsOf(facts));
      expect(said).toMatch(hint);
      expect(said).not.toMatch(/CAP_/);
    }
  });
});

describe("a program that the verifier refuses", () => {
  const refusal = (verifierLog: string, errno = "EINVAL") => ({ errno, ...LOADED, verifierLog });

  test("is to be reported by whoever has CAP_PERFMON, who is not told to become root", () => {
    for (const capabilities of [["CAP_BPF", "CAP_PERFMON"], ["CAP_SYS_ADMIN"]] as const) {
      expect(kernelHint(refusal("bad"), factsOf({ capabilities }))).toMatch(/^please report it/);
    }
    expect(kernelHint(refusal("bad"), factsOf({ capabilities: ["CAP_BPF"] }))).toMatch(
      /^add CAP_PERFMON.*run it as root/,
    );
  });

  test.each([
    ["BPF program is too large. Processed 1000001 insn", "E2BIG", /shorter expression/],
    ["The sequence of 8193 jumps is too complex.", "EFAULT", /shorter expression/],
    ["tail_calls are not allowed in non-JITed programs with bpf-to-bpf calls", "EINVAL", /bpf_jit_enable=1/],
    ["BPF map 'capture.rodata' is referenced but wasn't created", "EINVAL", /could not create a map/],
  ])("for %j is told what helps", (log, errno, hint) => {
    expect(kernelHint(refusal(log, errno), factsOf({}))).toMatch(hint);
  });
});

describe("a limit", () => {
  test.each([
    [{ errno: "EMFILE" }, /ulimit -n/],
    [{ errno: "EMFILE", verifierLog: "0: (95) exit" }, /ulimit -n/],
    [{ errno: "EINVAL", verifierLog: "<invalid BPF map reference>" }, /ulimit -n/],
    [{ errno: "ENFILE" }, /fs\.file-max/],
    [{ errno: "ENOMEM" }, /bufferSize/],
    [{ errno: "ENOSPC", operation: "watch a descriptor" }, /fs\.epoll\.max_user_watches/],
    [{ errno: "ENOSPC", operation: "create the map x" }, /control group/],
  ])("is named: %j", (refusal, hint) => {
    const facts = factsOf({ capabilities: [], limits: { descriptors: 32, lockedBytes: undefined } });
    expect(kernelHint(refusal, facts)).toMatch(hint);
  });

  test("of descriptors is not blamed where there are enough", () => {
    expect(kernelHint({ errno: "EINVAL", operation: "x" }, factsOf({}))).toMatch(/too old/);
  });
});

describe("clsact that the kernel does not find", () => {
  const refusal = { errno: "ENOENT", operation: "create a clsact qdisc" };

  test("is loaded by a command where there are the modules' files", () => {
    expect(kernelHint(refusal, factsOf({}))).toContain("`modprobe -a sch_ingress cls_bpf`");
  });

  test("comes with a package where there are none, which are named", () => {
    const said = kernelHint(refusal, factsOf({ modules: ["cls_bpf"], release: "6.1.0-50-cloud-amd64" }));
    expect(said).toMatch(/6\.1\.0-50-cloud-amd64 has no module sch_ingress here: .*kernel-modules-extra.*hook: "xdp"/);
  });

  test("is nothing else that is not found", () => {
    expect(kernelHint({ errno: "ENOENT", operation: "look up in the map x" }, factsOf({}))).toBeUndefined();
  });
});

test("what nobody knows has no hint", () => {
  expect(kernelHint({ errno: "EXDEV" }, factsOf({}))).toBeUndefined();
});

describe("what TC has no room for", () => {
  test.each([
    ["ERANGE", "bpf_link_create", /as many programs at TC as the kernel takes.*hook: "packet"/],
    ["EOPNOTSUPP", "attach a TC filter", /tc qdisc show.*hook: "packet"/],
  ])("is said of %s to %s, with what works there", (errno, operation, hint) => {
    expect(kernelHint({ errno, operation }, factsOf({}))).toMatch(hint);
  });
});

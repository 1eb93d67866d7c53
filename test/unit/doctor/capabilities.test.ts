import { describe, expect, test } from "vitest";
import { checkCapabilities } from "../../../src/doctor/capabilities.ts";
import {
  type Capability,
  type ProcessPrivileges,
  parseEffectiveCapabilities,
} from "../../../src/host/process-privileges.ts";

const statusWith = (mask: string) =>
  `Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t${mask}\nCapBnd:\t000001ffffffffff\n`;

describe("the effective capabilities", () => {
  // The names as `capsh --decode=<mask>` gives them.
  test.each<[string, string, Capability[]]>([
    ["an ordinary process", "0000000000000000", []],
    [
      "a container as Docker starts it",
      "00000000a80425fb",
      ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW"],
    ],
    ["cap_net_admin,cap_perfmon,cap_bpf", "000000c000001000", ["CAP_NET_ADMIN", "CAP_PERFMON", "CAP_BPF"]],
    ["cap_sys_admin,cap_sys_resource", "0000000001200000", ["CAP_SYS_ADMIN", "CAP_SYS_RESOURCE"]],
  ])("of %s are read from its status", (_name, mask, expected) => {
    expect([...parseEffectiveCapabilities(statusWith(mask))].sort()).toEqual(expected.sort());
  });

  test("are none when the text does not say", () => {
    expect(parseEffectiveCapabilities("")).toEqual(new Set());
  });
});

const NODE = "/usr/bin/node";
const process = (capabilities: Capability[], rest: Partial<ProcessPrivileges> = {}): ProcessPrivileges => ({
  root: false,
  inInitialUserNamespace: true,
  capabilities: new Set(capabilities),
  ...rest,
});

describe("the check of the capabilities", () => {
  test("names each that is missing, and the lines that give them to a copy of this node", () => {
    const check = checkCapabilities(process(["CAP_BPF", "CAP_NET_RAW"]), NODE);
    expect(check.status).toBe("missing");
    expect(check.finding).toMatch(/CAP_NET_ADMIN.*CAP_PERFMON/);
    expect(check.finding).not.toMatch(/CAP_BPF|CAP_NET_RAW/);
    expect(check.remedy).toContain("sudo install -m 0750 -g ringcap /usr/bin/node /usr/local/bin/ringcap-node && ");
    expect(check.remedy).toContain(
      "setcap cap_bpf,cap_net_admin,cap_perfmon,cap_net_raw+ep /usr/local/bin/ringcap-node`",
    );
    expect(check.remedy).toContain("Whoever is in the group runs any script with them");
    expect(check.remedy).toContain("`sudo ringcap extcap install --grant ringcap`");
  });

  test("quotes a node whose path the shell would take apart", () => {
    const { remedy } = checkCapabilities(process([]), "/opt/my node's/node");
    expect(remedy).toContain(" '/opt/my node'\\''s/node' /usr/local/bin/ringcap-node ");
  });

  test("copies no node onto itself", () => {
    const { remedy } = checkCapabilities(process([]), "/usr/local/bin/ringcap-node");
    expect(remedy).toContain("`sudo setcap ");
    expect(remedy).not.toContain("sudo install");
  });

  test("only warns of what not every capture takes", () => {
    const check = checkCapabilities(process(["CAP_BPF", "CAP_NET_ADMIN"]), NODE);
    expect(check).toMatchObject({ status: "warning", finding: expect.stringMatching(/CAP_PERFMON.*CAP_NET_RAW/) });
  });

  test("takes CAP_SYS_ADMIN for all of bpf(2), but not for packet sockets", () => {
    expect(checkCapabilities(process(["CAP_SYS_ADMIN"]), NODE)).toMatchObject({
      status: "warning",
      finding: "no CAP_NET_RAW (for --promiscuous, --hook packet and send)",
    });
    expect(checkCapabilities(process(["CAP_SYS_ADMIN", "CAP_NET_RAW"]), NODE)).toMatchObject({ status: "ok" });
  });

  test("says to a confined root what the container must be given", () => {
    const { remedy } = checkCapabilities(process(["CAP_NET_RAW"], { root: true }), NODE);
    expect(remedy).toContain("--cap-add BPF --cap-add NET_ADMIN");
  });

  test("counts none of a user namespace, however many there are", () => {
    const all: Capability[] = ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON", "CAP_NET_RAW", "CAP_SYS_ADMIN"];
    const check = checkCapabilities(process(all, { root: true, inInitialUserNamespace: false }), NODE);
    expect(check).toMatchObject({ status: "missing", remedy: expect.stringContaining("outside the user namespace") });
  });
});

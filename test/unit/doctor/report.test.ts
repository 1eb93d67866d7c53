import { describe, expect, test } from "vitest";
import { formatDoctorJson } from "../../../src/cli/doctor-command.ts";
import { formatDoctorReport } from "../../../src/cli/doctor-report.ts";
import type { Diagnosis } from "../../../src/doctor/index.ts";
import { checkInterface } from "../../../src/doctor/interface-checks.ts";
import { describeInterface } from "../../../src/doctor/interfaces.ts";

const v0 = describeInterface(
  {
    name: "v0",
    index: 2,
    hardwareType: 1,
    flags: 0x41,
    mtu: 1500,
    address: new Uint8Array(6),
    speed: 0,
    takesVlanTagsOut: true,
    completesPackets: false,
    transmitQueues: 1,
    driver: "veth",
  },
  null,
);
const diagnosis: Diagnosis = {
  checks: [
    { name: "kernel BTF", status: "ok", finding: "/sys/kernel/btf/vmlinux" },
    { name: "capabilities", status: "missing", finding: "no CAP_BPF", remedy: "run it as root" },
  ],
  interfaces: [{ ...v0, checks: checkInterface(v0) }],
  canCapture: false,
  canCaptureAtPacket: false,
};

describe("the report", () => {
  test("is aligned, has the remedy under its finding, and ends with what it all means", () => {
    expect(formatDoctorReport(diagnosis, { colour: false })).toBe(
      [
        "ok       kernel BTF     /sys/kernel/btf/vmlinux",
        "missing  capabilities   no CAP_BPF",
        "                        -> run it as root",
        "ok       v0             up, EN10MB, XDP slot is free",
        "warning  v0: VLAN tags  taken out of the frames before XDP programs see them",
        "                        -> use --hook tc, or `ethtool -K v0 rxvlan off`",
        "",
        "ringcap cannot capture here: capabilities.",
        "",
      ].join("\n"),
    );
  });

  test("says so when a capture can work", () => {
    const healthy = { ...diagnosis, checks: diagnosis.checks.slice(0, 1), canCapture: true };
    expect(formatDoctorReport(healthy, { colour: false })).toMatch(/\n\nringcap can capture here\.\n$/);
  });

  test("in colour is the same but for escape sequences", () => {
    const coloured = formatDoctorReport(diagnosis, { colour: true });
    expect(coloured).toContain("\u001b[31mmissing");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(formatDoctorReport(diagnosis, { colour: false }));
  });

  test("as JSON is one object with a version", () => {
    expect(JSON.parse(formatDoctorJson(diagnosis))).toEqual({ version: 1, ...diagnosis });
  });
});

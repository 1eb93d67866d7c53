import { describe, expect, test } from "vitest";
import { formatInterfaceList } from "../../../src/cli/interface-list.ts";
import { checkInterface } from "../../../src/doctor/interface-checks.ts";
import { describeInterface, type XdpOccupant } from "../../../src/doctor/interfaces.ts";

/** Numbers of include/uapi/linux/if_arp.h and if.h. */
const ARPHRD_ETHER = 1;
const ARPHRD_NONE = 0xfffe;
const ARPHRD_IEEE80211_RADIOTAP = 803;
const UP = 0x1;
const RUNNING = 0x40;

const v0 = {
  name: "v0",
  index: 2,
  hardwareType: ARPHRD_ETHER,
  flags: UP | RUNNING,
  mtu: 1500,
  address: new Uint8Array(6),
  speed: 0,
  takesVlanTagsOut: false,
  completesPackets: false,
  transmitQueues: 1,
  driver: "veth",
};
const native: XdpOccupant = { mode: "native", programId: 12, programName: "xdp_pass" };

const troubles = (changes: Partial<typeof v0>, occupant: XdpOccupant | null = null) =>
  checkInterface(describeInterface({ ...v0, ...changes }, occupant)).filter(({ status }) => status !== "ok");

describe("the checks of an interface", () => {
  test("find nothing wrong with one that is up and free", () => {
    expect(troubles({})).toEqual([]);
  });

  test("say how to bring it up", () => {
    expect(troubles({ flags: 0 })).toMatchObject([{ name: "state", remedy: "ip link set dev v0 up" }]);
  });

  test.each([
    ["native", "xdp off"],
    ["generic", "xdpgeneric off"],
    ["hardware", "xdpoffload off"],
  ] as const)("name the program in the %s XDP slot, and what takes it off", (mode, words) => {
    expect(troubles({}, { ...native, mode })).toMatchObject([
      {
        name: "XDP slot",
        finding: `taken by xdp_pass (program 12, ${mode})`,
        remedy: `--hook tc works beside it; if it should go: \`ip link set dev v0 ${words}\``,
      },
    ]);
  });

  test("name the process that holds it, and no command that could not take it off", () => {
    const [check] = troubles({}, { ...native, holder: { processId: 77, command: "xdp-filter" } });
    expect(check?.finding).toContain("held by process 77 (xdp-filter)");
    expect(check?.remedy).not.toContain("ip link");
  });

  test("tell of VLAN tags that XDP does not see, but not where there is no XDP", () => {
    expect(troubles({ takesVlanTagsOut: true, completesPackets: false, transmitQueues: 1 })).toMatchObject([
      { name: "VLAN tags", remedy: expect.stringContaining("ethtool -K v0 rxvlan off") },
    ]);
    expect(
      troubles({ takesVlanTagsOut: true, completesPackets: false, transmitQueues: 1, hardwareType: ARPHRD_NONE }),
    ).toEqual([]);
  });

  test("tell of hardware whose packets cannot be read", () => {
    expect(troubles({ hardwareType: ARPHRD_IEEE80211_RADIOTAP })).toMatchObject([
      { name: "link type", finding: expect.stringContaining("803") },
    ]);
  });
});

test("the list names what stands at TC, in the order in which packets meet it", () => {
  const tcPrograms = [
    { direction: "in", place: "chain", kind: "bpf", programId: 12, programName: "watch" },
    { direction: "in", place: "clsact", kind: "flower", priority: 5 },
    { direction: "out", place: "clsact", kind: "bpf", priority: 1, programId: 13 },
  ] as const;
  expect(formatInterfaceList([describeInterface(v0, null, tcPrograms)])).toContain(
    ", TC in: watch (program 12), flower (priority 5); out: program 13 (priority 1)]",
  );
});

test("the list has a numbered line for each interface, with its hooks and who is in the XDP slot", () => {
  const list = formatInterfaceList([
    describeInterface(v0, null),
    describeInterface({ ...v0, name: "lo", hardwareType: 772, flags: UP | RUNNING | 0x8 }, native),
    describeInterface({ ...v0, name: "tun5", hardwareType: ARPHRD_NONE, flags: UP }, null),
    describeInterface({ ...v0, name: "mon0", hardwareType: ARPHRD_IEEE80211_RADIOTAP, flags: 0 }, null),
  ]);
  expect(list.split("\n")).toEqual([
    "1.v0 [Up, Running, link-type EN10MB, xdp, tc]",
    "2.lo [Up, Running, Loopback, link-type EN10MB, xdp, tc, XDP slot taken by xdp_pass (program 12, native)]",
    "3.tun5 [Up, link-type RAW, tc]",
    "4.mon0 [Down, link-type unsupported (ARPHRD 803)]",
    "",
  ]);
});

test("names with control characters do not reach the terminal", () => {
  expect(formatInterfaceList([describeInterface({ ...v0, name: "v0\u001b[2J" }, null)])).toMatch(
    /^1\.v0\\u001b\[2J \[Up/,
  );
});

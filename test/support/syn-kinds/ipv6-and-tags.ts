/** SYNs in IPv6, and behind VLAN tags, where the notation is the same. */
import { destinationOptions, ethernet, hopByHop } from "../frames.ts";
import { linux, mss, nop, packet4, packet6, type SynKind, sok, ts, v6, withBits, ws } from "./syns.ts";

export const IPV6_AND_TAGS: readonly SynKind[] = [
  {
    tuple: "6:64:0:1440:64800,7:mss,sok,ts,nop,ws::0",
    label: null,
    frame: v6({ window: 64_800, options: (number) => [...mss(1440), ...sok, ...ts(5 + number), ...nop, ...ws(7)] }),
  },
  {
    tuple: "6:64:0:1440:28800,7:mss,sok,ts,nop,ws:flow:0",
    label: "Linux",
    frame: (number) =>
      v6(
        { window: 28_800, options: () => [...mss(1440), ...sok, ...ts(5 + number), ...nop, ...ws(7)] },
        { flowLabel: 0xf_0001 + number, hopLimit: 50 + (number % 3) },
      )(number),
  },
  { tuple: "6:64:0:0:100,0:::0", frame: v6({ window: 100 }) },
  {
    tuple: "6:64:0:0:100,0::ecn:0",
    frame: (number) =>
      (number % 2 === 0
        ? v6({ window: 100 }, { trafficClass: 1 })
        : v6({ window: 100, tcp: () => ({ flags: ["syn", "cwr"] }) }))(number),
  },
  { tuple: "6:64:0:0:100,0::0+:0", frame: withBits(v6({ window: 100 }), { [14 + 40 + 12]: 4 }) },
  { tuple: "6:64:0:0:100,0::seq-,ack+:0", frame: v6({ window: 100, tcp: () => ({ sequence: 0, acknowledgment: 9 }) }) },
  { tuple: "6:64:0:0:100,0:::+", frame: v6({ window: 100, tcp: () => ({ payload: [1] }) }) },
  {
    tuple: "6:255:8:1440:100,0:mss::0",
    frame: v6({ window: 100, options: () => mss(1440) }, { hopLimit: 255, extensions: [hopByHop()] }),
  },
  {
    tuple: "6:255:16:1440:100,0:mss::0",
    frame: v6(
      { window: 100, options: () => mss(1440) },
      { hopLimit: 255, extensions: [destinationOptions(new Uint8Array(12))] },
    ),
  },
  // Behind tags, where the notation is the same.
  {
    tuple: "4:64:0:1460:777,7:mss,sok,ts,nop,ws:df,id+:0",
    frame: (number) => ethernet({ vlans: [{ id: 5 }], payload: packet4(number, { window: 777, options: linux }) }),
  },
  {
    tuple: "6:64:0:1440:777,0:mss::0",
    frame: (number) =>
      ethernet({
        vlans: [{ id: 5, tagProtocol: 0x88a8 }, { id: 6 }],
        payload: packet6(number, { window: 777, options: () => mss(1440) }),
      }),
  },
  {
    tuple: "4:64:0:0:778,0::df,id+:+",
    // Its total length is where two tags have the EtherType, and looks like it.
    frame: (number) => {
      const payload = new Uint8Array(0x0800 - 40);
      return ethernet({ vlans: [{ id: 5 }], payload: packet4(number, { window: 778, tcp: () => ({ payload }) }) });
    },
  },
  {
    tuple: "4:64:0:1459:778,0:mss:df,id+:0",
    frame: (number) =>
      ethernet({
        vlans: [
          { id: 5, tagProtocol: 0x88a8 },
          { id: 6, tagProtocol: number % 2 === 0 ? 0x8100 : 0x88a8 },
        ],
        payload: packet4(number, { window: 778, options: () => mss(1459) }),
      }),
  },
];

/** Packets that look like SYNs and are none of TCP by themselves. */
import { ethernet, fragment, icmp, ipv4, ipv6, part, udp } from "../frames.ts";
import { linux, packet4, type SynKind, syn, v4 } from "./syns.ts";

export const LOOK_ALIKES: readonly SynKind[] = [
  {
    tuple: null,
    frame: (number) =>
      ethernet({
        payload: ipv4({ payload: icmp({ type: 3, code: 1, payload: packet4(number, { options: linux }) }) }),
      }),
  },
  {
    tuple: null,
    frame: (number) =>
      ethernet({ payload: ipv4({ payload: { protocol: 4, build: () => packet4(number, { options: linux }) } }) }),
  },
  { tuple: null, frame: v4({ options: linux, tcp: () => ({ flags: ["syn", "ack"], acknowledgment: 1 }) }) },
  { tuple: null, frame: v4({ window: 100, tcp: () => ({ flags: ["syn", "fin"] }) }) },
  { tuple: null, frame: v4({ window: 100, tcp: () => ({ flags: ["syn", "rst"] }) }) },
  { tuple: null, frame: v4({ window: 100 }, { moreFragments: true }) },
  {
    tuple: null,
    frame: (number) =>
      ethernet({
        payload: ipv6({
          extensions: [fragment({ moreFragments: true })],
          payload: part(syn(number, { window: 100 }), 0, 16),
        }),
      }),
  },
  {
    tuple: null,
    frame: (number) => ethernet({ payload: ipv4({ payload: udp({ destinationPort: 80, payload: [number] }) }) }),
  },
];

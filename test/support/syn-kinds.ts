/** SYNs of many kinds, each with the tuple that p0f's documentation gives it, written by hand. */
import { IPV6_AND_TAGS } from "./syn-kinds/ipv6-and-tags.ts";
import { LOOK_ALIKES } from "./syn-kinds/look-alikes.ts";
import { OPTIONS } from "./syn-kinds/options.ts";
import { QUIRKS } from "./syn-kinds/quirks.ts";
import { SENDERS } from "./syn-kinds/senders.ts";
import { linux, mss, packet4, packet6, type SynKind } from "./syn-kinds/syns.ts";

export type { SynKind };

export const ETHERNET_KINDS: readonly SynKind[] = [...SENDERS, ...QUIRKS, ...OPTIONS, ...IPV6_AND_TAGS, ...LOOK_ALIKES];

/** Without a link layer. */
export const RAW_KINDS: readonly SynKind[] = [
  { tuple: "4:64:0:1460:64240,7:mss,sok,ts,nop,ws:df,id+:0", frame: (number) => packet4(number, { options: linux }) },
  { tuple: "6:64:0:1440:100,0:mss::0", frame: (number) => packet6(number, { window: 100, options: () => mss(1440) }) },
  { tuple: "4:64:0:0:100,0::df,id+:0", frame: (number) => packet4(number, { window: 100 }) },
];

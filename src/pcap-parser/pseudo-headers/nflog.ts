/**
 * LINKTYPE_NFLOG (https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html): the length and type of each value are in the
 * byte order of the host.
 */
import { swap16 } from "./swap.ts";

const HEADER_LENGTH = 4;
const VERSION = 0;
const LENGTH_AND_TYPE = 4;
/** The most bytes of a value with its padding. */
const LENGTH_MAX = 0xffff;

export function swapNflog(view: DataView, start: number, captured: number, original: number): void {
  if (Math.min(captured, original) < HEADER_LENGTH || view.getUint8(start + 1) !== VERSION) return;
  let at = HEADER_LENGTH;
  // The packet itself is one of the values. The walk ends at a length that is impossible or was not captured.
  while (at + LENGTH_AND_TYPE <= captured) {
    const padded = (view.getUint16(start + at, false) + 3) & ~3;
    swap16(view, start + at);
    swap16(view, start + at + 2);
    if (padded === 0 || padded > LENGTH_MAX) return;
    at += padded;
    if (at > original) return;
  }
}

/**
 * Pseudo headers whose fields are in the byte order of the capturing host (https://www.tcpdump.org/linktypes.html). A
 * file tells that order by its own, so that a reader has to turn them: those of a big-endian file become little-endian,
 * the order in which ringcap/pcap-writer writes. tcpdump and editcap do the same on little-endian machines.
 */
import { swapNflog } from "./nflog.ts";
import { swapPflog } from "./pflog.ts";
import { swapSocketCan } from "./socket-can.ts";
import { swapUsb, swapUsbMmapped } from "./usb.ts";

/**
 * Turns the byte order of the fields that are there in whole.
 *
 * @param start of the packet in the view
 * @param captured bytes of the packet that are there
 * @param original bytes on the wire, as the file claims
 */
export type SwapPseudoHeader = (view: DataView, start: number, captured: number, original: number) => void;

/** LINKTYPE_ numbers. */
const SWAPS: ReadonlyMap<number, SwapPseudoHeader> = new Map([
  [113, (view, start, captured, original) => swapSocketCan(view, start, Math.min(captured, original), 14, 16)],
  [117, swapPflog],
  [189, swapUsb],
  [220, swapUsbMmapped],
  [239, swapNflog],
  [276, (view, start, captured, original) => swapSocketCan(view, start, Math.min(captured, original), 0, 20)],
]);

/** Undefined for link types whose bytes are the same whatever captured them. */
export function pseudoHeaderSwap(linkType: number): SwapPseudoHeader | undefined {
  return SWAPS.get(linkType);
}

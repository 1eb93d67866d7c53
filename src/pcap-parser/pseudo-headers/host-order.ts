/**
 * Pseudo headers whose fields are in the byte order of the capturing host (https://www.tcpdump.org/linktypes.html). The
 * byte order of the file tells the host's byte order. A reader turns the fields of a big-endian file to little-endian,
 * the order in which ringcap/pcap-writer writes. tcpdump and editcap do the same on little-endian machines.
 */
import { swapNflog } from "./nflog.ts";
import { swapPflog } from "./pflog.ts";
import { swapSocketCan } from "./socket-can.ts";
import { swapUsb, swapUsbMmapped } from "./usb.ts";

/**
 * Turns the byte order of those fields that were captured in whole.
 *
 * @param start index of the packet's first byte in the view
 * @param captured bytes of the packet that were captured
 * @param original bytes of the packet on the wire, as the file states
 */
export type SwapPseudoHeader = (view: DataView, start: number, captured: number, original: number) => void;

/** The function that turns the pseudo header, by the LINKTYPE_ number. */
const SWAPS: ReadonlyMap<number, SwapPseudoHeader> = new Map([
  [113, (view, start, captured, original) => swapSocketCan(view, start, Math.min(captured, original), 14, 16)],
  [117, swapPflog],
  [189, swapUsb],
  [220, swapUsbMmapped],
  [239, swapNflog],
  [276, (view, start, captured, original) => swapSocketCan(view, start, Math.min(captured, original), 0, 20)],
]);

/** Returns undefined for a link type whose bytes are the same on every capturing host. */
export function pseudoHeaderSwap(linkType: number): SwapPseudoHeader | undefined {
  return SWAPS.get(linkType);
}

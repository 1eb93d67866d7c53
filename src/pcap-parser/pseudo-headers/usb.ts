/**
 * LINKTYPE_USB_LINUX and LINKTYPE_USB_LINUX_MMAPPED: struct usbmon_packet of Documentation/usb/usbmon.rst. The header
 * of LINKTYPE_USB_LINUX has 48 bytes. The header of LINKTYPE_USB_LINUX_MMAPPED has 64 bytes, and the descriptors of
 * isochronous transfers follow it.
 */
import { swap16, swap32, swap64 } from "./swap.ts";

const TRANSFER_TYPE = 9;
const ISOCHRONOUS = 0;
const SETUP = 40;
const DESCRIPTOR_COUNT = 60;
const MMAPPED_HEADER_LENGTH = 64;
const DESCRIPTOR_LENGTH = 16;

type Field = readonly [offset: number, swap: (view: DataView, at: number) => void, length: number];

/** The fields of both headers: URB id, bus, seconds, microseconds, status, length of the URB, length of its data. */
const COMMON: readonly Field[] = [
  [0, swap64, 8],
  [12, swap16, 2],
  [16, swap64, 8],
  [24, swap32, 4],
  [28, swap32, 4],
  [32, swap32, 4],
  [36, swap32, 4],
];
/**
 * The fields of isochronous transfers: error count and number of descriptors. Other transfers have the setup packet in
 * their place, which USB defines as little-endian.
 */
const ISOCHRONOUS_FIELDS: readonly Field[] = [
  [SETUP, swap32, 4],
  [SETUP + 4, swap32, 4],
];
/**
 * The fields of the header of 64 bytes alone: interval, start frame, flags of the transfer, number of the descriptors
 * that follow.
 */
const MMAPPED: readonly Field[] = [
  [48, swap32, 4],
  [52, swap32, 4],
  [56, swap32, 4],
  [DESCRIPTOR_COUNT, swap32, 4],
];
/** The fields of a descriptor: status, offset, length. Four bytes of padding follow them. */
const DESCRIPTOR: readonly Field[] = [
  [0, swap32, 4],
  [4, swap32, 4],
  [8, swap32, 4],
];

export function swapUsb(view: DataView, start: number, captured: number): void {
  swapFields(view, start, captured, COMMON);
  if (isIsochronous(view, start, captured)) swapFields(view, start, captured, ISOCHRONOUS_FIELDS);
}

export function swapUsbMmapped(view: DataView, start: number, captured: number): void {
  const descriptors = captured < MMAPPED_HEADER_LENGTH ? 0 : view.getUint32(start + DESCRIPTOR_COUNT, false);
  swapUsb(view, start, captured);
  swapFields(view, start, captured, MMAPPED);
  if (!isIsochronous(view, start, captured)) return;
  // The number of descriptors is a claim of the file. The captured bytes bound it.
  const end = Math.min(captured, MMAPPED_HEADER_LENGTH + descriptors * DESCRIPTOR_LENGTH);
  for (let at = MMAPPED_HEADER_LENGTH; at < end; at += DESCRIPTOR_LENGTH) {
    swapFields(view, start + at, end - at, DESCRIPTOR);
  }
}

function isIsochronous(view: DataView, start: number, captured: number): boolean {
  return captured > TRANSFER_TYPE && view.getUint8(start + TRANSFER_TYPE) === ISOCHRONOUS;
}

function swapFields(view: DataView, start: number, length: number, fields: readonly Field[]): void {
  for (const [offset, swap, size] of fields) {
    if (offset + size > length) return;
    swap(view, start + offset);
  }
}

/** IEEE 802.11 frames, bare or behind a radiotap header. */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import { printBytes } from "./hex-dump.ts";
import type { Line } from "./line.ts";
import { printLlc } from "./llc.ts";
import { hex } from "./names.ts";
import { printRadiotapFields } from "./radiotap.ts";
import { printManagement } from "./wlan-management.ts";

const FCS_LENGTH = 4;
const MANAGEMENT = 0;
const CONTROL = 1;
const DATA = 2;

const CONTROL_NAMES: ReadonlyMap<number, string> = new Map([
  [7, "Control Wrapper"],
  [8, "BAR"],
  [9, "BA"],
  [10, "Power Save-Poll"],
  [11, "Request-To-Send"],
  [12, "Clear-To-Send"],
  [13, "Acknowledgment"],
  [14, "CF-End"],
  [15, "CF-End+CF-Ack"],
]);

export function printRadiotap(line: Line, at: number, length: number): void {
  line.protocol = "802.11_radio";
  if (length < 8) return line.mark();
  line.need(at, 8);
  const headerLength = line.u16le(at + 2);
  if (length < headerLength || !line.has(at, headerLength)) return line.mark();
  const header = printRadiotapFields(line, at, headerLength);
  printFrame(line, at + headerLength, length - headerLength, header.isPadded, header.hasFcs ? FCS_LENGTH : 0);
}

export function printWlan(line: Line, at: number, length: number): void {
  printFrame(line, at, length, false, 0);
}

/** Returns the length of the header in bytes, which depends on the kind of frame and its addresses. */
function headerLengthOf(control: number): number | undefined {
  const subtype = (control >> 4) & 0xf;
  switch ((control >> 2) & 3) {
    case MANAGEMENT:
      return 24 + ((control & 0x8000) === 0 ? 0 : 4);
    case CONTROL:
      if (subtype === 12 || subtype === 13) return 10;
      return CONTROL_NAMES.has(subtype) ? 16 : undefined;
    case DATA: {
      const hasFourAddresses = (control & 0x0300) === 0x0300;
      return (hasFourAddresses ? 30 : 24) + ((subtype & 8) === 0 ? 0 : 2);
    }
    default:
      return undefined;
  }
}

function printFrame(line: Line, at: number, given: number, isPadded: boolean, fcsLength: number): void {
  line.protocol = "802.11";
  const length = given - fcsLength;
  if (length < 2) return line.mark();
  line.within(at + length, () => printWithin(line, at, length, isPadded));
}

function printWithin(line: Line, at: number, length: number, isPadded: boolean): void {
  const control = line.u16le(at);
  const stated = headerLengthOf(control);
  if (stated === undefined) return line.add(`unknown 802.11 frame type (${(control >> 2) & 3})`);
  const headerLength = isPadded ? Math.ceil(stated / 4) * 4 : stated;
  line.need(at, stated);
  if (line.flags.linkHeader) printHeader(line, at, control);
  const body = at + headerLength;
  switch ((control >> 2) & 3) {
    case MANAGEMENT:
      return printManagement(line, control, at, body, length - headerLength);
    case CONTROL:
      return printControl(line, control, at);
    default:
      return printData(line, control, at, body, length - headerLength);
  }
}

function printHeader(line: Line, at: number, control: number): void {
  if ((control & 0x2000) !== 0) line.add("More Data ");
  if ((control & 0x0800) !== 0) line.add("Retry ");
  if ((control & 0x4000) !== 0) line.add("Protected ");
  const address = (index: number) => formatHardwareAddress(line.bytes, at + 4 + 6 * index);
  switch ((control >> 2) & 3) {
    case MANAGEMENT:
      return line.add(`BSSID:${address(2)} DA:${address(0)} SA:${address(1)} `);
    case DATA:
      switch ((control >> 8) & 3) {
        case 0:
          return line.add(`DA:${address(0)} SA:${address(1)} BSSID:${address(2)} `);
        case 1:
          return line.add(`BSSID:${address(0)} SA:${address(1)} DA:${address(2)} `);
        case 2:
          return line.add(`DA:${address(0)} BSSID:${address(1)} SA:${address(2)} `);
        default:
          return line.add(
            `RA:${address(0)} TA:${address(1)} DA:${address(2)} SA:${formatHardwareAddress(line.bytes, at + 24)} `,
          );
      }
    default:
      return;
  }
}

function printControl(line: Line, control: number, at: number): void {
  const subtype = (control >> 4) & 0xf;
  line.add(CONTROL_NAMES.get(subtype) ?? "Unknown subtype");
  const address = (place: number) => formatHardwareAddress(line.slice(at + place, 6));
  switch (subtype) {
    case 7:
      return;
    case 8:
      return line.add(
        ` RA:${address(4)} TA:${address(10)} CTL(${hex(line.u16le(at + 16)).slice(2)}) SEQ(${line.u16le(at + 18)}) `,
      );
    case 9:
      return line.add(` RA:${address(4)} `);
    case 10:
      return line.add(` AID(${hex(line.u16le(at + 2)).slice(2)})`);
    case 11:
      return line.add(` TA:${address(10)} `);
    default:
      return line.add(` RA:${address(4)} `);
  }
}

function printData(line: Line, control: number, at: number, body: number, length: number): void {
  const subtype = (control >> 4) & 0xf;
  // Null functions carry no data.
  if ((subtype & 4) !== 0) return;
  if ((control & 0x4000) !== 0) {
    line.add("Data");
    line.need(body, 4);
    const vector = line.u32le(body);
    line.add(
      ` IV:${(vector & 0xffffff).toString(16).padStart(3)} Pad ${((vector >>> 24) & 0x3f).toString(16)} KeyID ${(vector >>> 30) & 3}`,
    );
    return;
  }
  // The order of the addresses depends on the direction.
  const [destination, source] = addressPlaces(control);
  const from = formatHardwareAddress(line.bytes, at + source);
  const to = formatHardwareAddress(line.bytes, at + destination);
  if (!printLlc(line, body, length, `${from} > ${to}`)) printBytes(line, body, length);
}

function addressPlaces(control: number): readonly [destination: number, source: number] {
  switch ((control >> 8) & 3) {
    case 1:
      return [16, 10];
    case 2:
      return [4, 16];
    case 3:
      return [16, 24];
    default:
      return [4, 10];
  }
}

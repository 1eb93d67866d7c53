/** Records of pcap files: draft-ietf-opsawg-pcap, section 5. */
import type { ByteWindow } from "../byte-window.ts";
import type { FaultReporter } from "../capture-file-error.ts";
import { MOST_CAPTURED_BYTES } from "../limits.ts";
import { pseudoHeaderSwap, type SwapPseudoHeader } from "../pseudo-headers/host-order.ts";
import type { DecodedRecords, PcapFormat, RecordDecoder } from "../record-decoder.ts";
import { type CaptureSection, plainInterface } from "../section.ts";
import type { PcapLayout } from "./file-header.ts";

export class PcapDecoder implements RecordDecoder {
  readonly format: PcapFormat;
  readonly section: CaptureSection;
  readonly hasOptions = false;
  readonly trailerLength = 0;
  readonly #layout: PcapLayout;
  readonly #faults: FaultReporter;
  readonly #swapPseudoHeader: SwapPseudoHeader | undefined;

  constructor(layout: PcapLayout, faults: FaultReporter, turnsPseudoHeaders: boolean) {
    const { format } = layout;
    const units = format.precision === "nano" ? 1_000_000_000n : 1_000_000n;
    this.format = format;
    this.section = {
      index: 0,
      littleEndian: format.littleEndian,
      interfaces: [plainInterface(format.linkType, format.snapshotLength, format.fcsLength, units)],
    };
    this.#layout = layout;
    const turns = turnsPseudoHeaders && !format.littleEndian;
    this.#swapPseudoHeader = turns ? pseudoHeaderSwap(format.linkType) : undefined;
    this.#faults = faults;
  }

  decode(window: ByteWindow, into: DecodedRecords): void {
    const { columns } = into;
    const { view, end } = window;
    const { littleEndian, precision } = this.format;
    const headerLength = this.#layout.recordHeaderLength;
    const unitsPerSecond = precision === "nano" ? 1_000_000_000 : 1_000_000;
    const nanosecondsPerUnit = 1_000_000_000 / unitsPerSecond;
    const { lengthOrder } = this.#layout;
    let record = window.begin;
    while (record + headerLength <= end && !columns.full) {
      let captured = view.getUint32(record + 8, littleEndian);
      let original = view.getUint32(record + 12, littleEndian);
      if (lengthOrder !== "captured-first" && (lengthOrder === "original-first" || captured > original)) {
        [captured, original] = [original, captured];
      }
      if (captured > MOST_CAPTURED_BYTES) throw this.#tooLong(window, record, captured);
      const length = headerLength + captured;
      if (record + length > end) break;

      let seconds = view.getUint32(record, littleEndian);
      let fraction = view.getUint32(record + 4, littleEndian);
      if (fraction >= unitsPerSecond) {
        seconds += Math.floor(fraction / unitsPerSecond);
        fraction %= unitsPerSecond;
      }
      columns.add(record, length, headerLength, seconds, fraction * nanosecondsPerUnit, captured, original, 0);
      if (this.#swapPseudoHeader !== undefined) {
        window.own();
        this.#swapPseudoHeader(window.view, record + headerLength, captured, original);
      }
      record += length;
      window.begin = record;
    }
  }

  describePartial(window: ByteWindow): string {
    if (window.available < this.#layout.recordHeaderLength) return "a packet header";
    return "a packet";
  }

  #tooLong(window: ByteWindow, record: number, captured: number): Error {
    const offset = window.offsetOf(record);
    return this.#faults.corrupt(
      offset,
      `a packet of ${captured} captured bytes; more than ${MOST_CAPTURED_BYTES} cannot be`,
    );
  }
}

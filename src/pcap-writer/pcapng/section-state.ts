/** Checks that the blocks of a section refer to interfaces that the section has described. */
import { usageError } from "../../errors.ts";
import type { PcapngBlock } from "./block.ts";
import {
  IF_FCSLEN,
  IF_TSOFFSET,
  IF_TSRESOL,
  INTERFACE_LAYOUTS,
  type PcapngInterfaceDescription,
} from "./blocks/interface-description.ts";
import { turned } from "./option-layouts.ts";
import type { PcapngOption } from "./options.ts";
import { DEFAULT_RESOLUTION, TimeUnits } from "./time-units.ts";

export interface DescribedInterface {
  /** The most bytes that are captured of a packet; Infinity means no limit. */
  readonly snapshotLength: number;
  readonly units: TimeUnits;
}

export class SectionState {
  #interfaces: DescribedInterface[] = [];
  #begun = false;

  get interfaceCount(): number {
    return this.#interfaces.length;
  }

  /** Returns an interface. @throws RingcapError USAGE if the section did not describe it */
  interface(id: number): DescribedInterface {
    const found = this.#interfaces[id];
    if (found === undefined) {
      throw usageError("interfaceId", `${id} of a section that described ${this.interfaceCount} interfaces`);
    }
    return found;
  }

  /** Checks a block. @throws RingcapError USAGE for a block that must not follow the blocks before it */
  check(block: PcapngBlock): void {
    if (!this.#begun && block.kind !== "section-header") {
      throw usageError("block", `a file begins with a section header, not with a block of the kind "${block.kind}"`);
    }
    if (block.kind === "enhanced-packet" || block.kind === "packet") this.interface(block.interfaceId);
    if (block.kind === "interface-description") describe(block);
    if (block.kind === "simple-packet") this.#checkSimple(block.data.length, block.originalLength);
  }

  /** Keeps the interface that a block describes, after the block was written. */
  add(block: PcapngBlock): void {
    if (block.kind === "section-header") {
      this.#begun = true;
      this.#interfaces = [];
    } else if (block.kind === "interface-description") {
      this.#interfaces.push(describe(block));
    }
  }

  /**
   * Checks the captured bytes of a simple packet block. The block does not state their number, so that they must be as
   * many as the original length or the interface's snapshot length, whichever is less.
   */
  #checkSimple(captured: number, originalLength = captured): void {
    const { snapshotLength } = this.interface(0);
    const expected = Math.min(originalLength, snapshotLength);
    if (captured === expected) return;
    const why = `of ${originalLength} bytes on an interface with a snapshot length of ${snapshotLength}`;
    throw usageError("data", `${captured} captured bytes; a simple packet ${why} has ${expected}`);
  }
}

function describe({ snapshotLength = 0, options = [] }: PcapngInterfaceDescription): DescribedInterface {
  if ("next" in options) throw usageError("options", "they are read twice, so no generator can be");
  const list = [...options];
  const bytes = (code: number) => {
    const value = list.find((option) => option.code === code)?.value;
    return value instanceof Uint8Array ? value : undefined;
  };
  checkBytes("if_tsresol", list, IF_TSRESOL);
  checkBytes("if_fcslen", list, IF_FCSLEN);
  const resolution = bytes(IF_TSRESOL)?.[0] ?? DEFAULT_RESOLUTION;
  const littleEndian = "littleEndian" in options ? options.littleEndian : undefined;
  return {
    snapshotLength: snapshotLength === 0 ? Number.POSITIVE_INFINITY : snapshotLength,
    units: new TimeUnits(resolution, timestampOffset(list, littleEndian)),
  };
}

/** Checks that the option has one byte, as readers want it. */
function checkBytes(name: string, options: readonly PcapngOption[], code: number): void {
  for (const option of options) {
    if (option.code === code && !(option.value instanceof Uint8Array && option.value.length === 1)) {
      throw usageError(name, "its value is a Uint8Array of one byte");
    }
  }
}

function timestampOffset(options: readonly PcapngOption[], littleEndian: boolean | undefined): bigint {
  const value = options.find(({ code }) => code === IF_TSOFFSET)?.value;
  if (value === undefined) return 0n;
  if (typeof value === "bigint") return value;
  if (!(value instanceof Uint8Array && value.length === 8 && littleEndian !== undefined)) {
    throw usageError("if_tsoffset", "its value is a bigint, or eight bytes of options that say their byte order");
  }
  const big = littleEndian ? turned(IF_TSOFFSET, value, INTERFACE_LAYOUTS) : value;
  return new DataView(big.buffer, big.byteOffset, 8).getBigInt64(0, false);
}

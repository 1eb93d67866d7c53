/** The blocks of a pcapng file that are no packets: the section with its interfaces, and the statistics of each. */
import { cpus, machine } from "node:os";
import { type BlockInterfaces, HAS_DIRECTIONS, IS_XDP } from "../native/pack-blocks.ts";
import type { Hook, SourceDescription } from "../packets/captured.ts";
import { PcapngWriter, type StatisticsFields, type TimeStampPrecision } from "../pcap-writer/index.ts";
import { ringcapVersion } from "./application.ts";
import { describeOrigin, operatingSystem } from "./pcapng-interface.ts";

/** if_tsresol of nanoseconds. */
const NANOSECONDS = 9;
const MICROSECONDS = 6;

export class BlockSection {
  readonly #parts: Uint8Array[] = [];
  readonly #writer: PcapngWriter;

  /** @param comment the user's comment on the whole file */
  constructor(description: SourceDescription, precision: TimeStampPrecision, comment?: string | undefined) {
    const application = `ringcap ${ringcapVersion()}`;
    const host = description.isAnonymized ? {} : { hardware: cpus()[0]?.model ?? machine(), os: operatingSystem() };
    const section = { ...host, application, comment };
    this.#writer = new PcapngWriter(section, (bytes) => this.#parts.push(bytes.slice()));
    const timestampResolution = precision === "nano" ? NANOSECONDS : MICROSECONDS;
    for (const origin of description.origins) {
      this.#writer.addInterface({ ...describeOrigin(origin, description), timestampResolution });
    }
  }

  /** The bytes with which the file begins. */
  header(): Uint8Array {
    return this.#take();
  }

  /** @param fields the statistics by the place of the interface in the description */
  statistics(fields: ReadonlyMap<number, StatisticsFields>): Uint8Array {
    for (const [place, statistics] of fields) this.#writer.writeStatistics(place, statistics);
    return this.#take();
  }

  #take(): Uint8Array {
    this.#writer.flush();
    return Buffer.concat(this.#parts.splice(0));
  }
}

/** Returns what packBlocks() is told of the interfaces. @param counts for each: packets that were laid out */
export function blockInterfaces({ origins }: SourceDescription, counts: Uint32Array): BlockInterfaces {
  const words = origins.flatMap(({ index, hook, link }) => [index, traitsOf(hook), link.linkType]);
  return { words: Uint32Array.from(words), counts };
}

/**
 * Returns the traits of an interface for the addon: see BlockInterfaces. Packets of a replayed file have no direction.
 */
function traitsOf(hook: Hook | undefined): number {
  if (hook === undefined) return 0;
  return hook.startsWith("xdp") ? HAS_DIRECTIONS | IS_XDP : HAS_DIRECTIONS;
}

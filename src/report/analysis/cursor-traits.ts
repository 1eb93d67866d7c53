/** What the cursors of captures and of files tell of a packet, each in its own way. */
import type { SourceDescription } from "../../packets/captured.ts";
import type { PacketCursor } from "../../packets/packet-batch.ts";
import type { CaptureCursor } from "../../pcap-parser/index.ts";
import type { CursorTraits } from "./header-columns.ts";

const NOT_KNOWN = -1;

/** Of a live capture or a replay. */
export class BatchTraits implements CursorTraits<PacketCursor> {
  /** Of the packets of a file; the batches of a pcapng file set it. */
  linkType: number;
  readonly #byInterface: ReadonlyMap<number, number> | undefined;
  readonly #isFile: boolean;

  constructor({ origins }: SourceDescription) {
    this.linkType = origins[0]?.link.linkType ?? NOT_KNOWN;
    this.#isFile = origins.every(({ hook }) => hook === undefined);
    const differ = origins.some(({ link }) => link.linkType !== this.linkType);
    if (differ) this.#byInterface = new Map(origins.map(({ index, link }) => [index, link.linkType]));
  }

  linkTypeOf(cursor: PacketCursor): number {
    return this.#byInterface === undefined
      ? this.linkType
      : (this.#byInterface.get(cursor.interfaceIndex) ?? NOT_KNOWN);
  }

  /** A replay gives the time 0 to the packets of a pcapng file that have none. */
  hasTime(cursor: PacketCursor): boolean {
    return !this.#isFile || cursor.seconds !== 0 || cursor.nanoseconds !== 0;
  }
}

/** Of a file that the parser reads. */
export const CAPTURE_TRAITS: CursorTraits<CaptureCursor> = {
  linkTypeOf: (cursor) => cursor.interface.linkType,
  hasTime: (cursor) => cursor.hasTimestamp,
};

/**
 * Makes a pcapng file from another one. It holds all blocks of the other file, except for the packets that did not
 * match.
 */
import { type FileBlocks, isPacketBlock } from "../packets/file-blocks.ts";
import { BATCH_SIZE, type PacketBatch, type PacketCursor } from "../packets/packet-batch.ts";
import { PcapBatch } from "../packets/pcap-batch.ts";
import type { CaptureBlock, PacketCaptureBlock } from "../pcap-parser/index.ts";
import { type PcapngBlock, PcapngBlockWriter, type PcapngRawBlock, wholeBlocks } from "../pcap-writer/index.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";
import type { FileEncoder } from "./file-format.ts";

const NOTHING = new Uint8Array(0);
const OPT_COMMENT = 1;

type Block = PcapngBlock & { readonly raw: PcapngRawBlock };

/** The copy is little-endian, whatever the byte order of the sections that were read is. */
export class PcapngCopyEncoder implements FileEncoder {
  readonly #checksums: ChecksumRepair | undefined;
  readonly #parts: Uint8Array[] = [];
  readonly #writer = new PcapngBlockWriter((bytes) => this.#parts.push(bytes.slice()));
  readonly #records: Uint8Array;
  /** The comment for the first section header; undefined once it was written. */
  #comment: string | undefined;

  constructor(comment: string | undefined, checksums: ChecksumRepair | undefined) {
    this.#comment = comment;
    this.#checksums = checksums;
    this.#records = new Uint8Array(checksums === undefined ? 0 : BATCH_SIZE);
  }

  /** The header is written with the first batch, which contains the section header of the file that is read. */
  header(): Uint8Array {
    return NOTHING;
  }

  encode(batch: PacketBatch): Uint8Array {
    const { fileBlocks } = batch;
    if (fileBlocks === undefined) throw new Error("a batch of a pcapng file comes without its blocks");
    const packets = this.#repaired(batch, fileBlocks.linkType);
    for (const block of fileBlocks) {
      if (isPacketBlock(block)) this.#copyPacket(block as PacketCaptureBlock, packets, fileBlocks);
      else this.#copyBlock(block as CaptureBlock, fileBlocks);
    }
    this.#writer.flush();
    return Buffer.concat(this.#parts.splice(0));
  }

  trailer(): Uint8Array {
    return NOTHING;
  }

  wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number } {
    const { packets, bytes } = wholeBlocks(encoded, limit);
    return { records: packets, bytes };
  }

  #copyBlock(block: CaptureBlock, { isRewritten }: FileBlocks): void {
    if (block.kind !== "section-header") {
      if (isRewritten) this.#writer.writeBlock(block as PcapngBlock);
      else this.#writer.copyBlock(block as Block);
      return;
    }
    const comment = this.#comment === undefined ? [] : [{ code: OPT_COMMENT, value: this.#comment }];
    this.#comment = undefined;
    // The section's length is left out, because the copy's section may have another one.
    this.#writer.writeBlock({ kind: "section-header", options: [...block.options, ...comment] });
  }

  /** Copies a block byte for byte if its packet is unchanged, and otherwise encodes it with the changed packet. */
  #copyPacket(block: PacketCaptureBlock, packets: PacketCursor, { isRewritten }: FileBlocks): void {
    packets.next();
    const data = packets.bytes.subarray(packets.start, packets.start + packets.capturedLength);
    if (!isRewritten && Buffer.compare(data, block.data) === 0) {
      this.#writer.copyBlock(block as Block);
    } else if (block.kind === "simple-packet") {
      // A simple packet block holds as many bytes as the interface's snapshot length says. A packet that was cut needs
      // a block that states its captured length.
      const { originalLength } = block;
      this.#writer.writeBlock({ kind: "enhanced-packet", interfaceId: 0, timestampUnits: 0n, originalLength, data });
    } else {
      this.#writer.writeBlock({ ...block, data } as PcapngBlock);
    }
  }

  #repaired(batch: PacketBatch, linkType: number): PacketCursor {
    const checksums = this.#checksums;
    if (checksums === undefined) return batch.cursor();
    const records = checksums.repair(batch.pack(this.#records, "nano"), batch.count, linkType, this.#records);
    return new PcapBatch(records, batch.count, { interfaceIndex: 0, direction: 0, timeUnit: 1 }).cursor();
  }
}

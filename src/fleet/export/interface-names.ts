/** The names of the interfaces that packets were captured on, as pcapng files have them. */
import type { PacketBatch } from "../../packets/packet-batch.ts";
import type { CaptureCursor, CaptureInterface } from "../../pcap-parser/index.ts";
import type { CursorTraits } from "../../report/analysis/header-columns.ts";

/** Characters of a name that are kept. Linux has 15 at most; a file may claim anything. */
const LONGEST = 64;

/** Of a file that the parser reads. It notes the name of each packet's interface when it is asked for the link type, which is once. */
export class NamingTraits implements CursorTraits<CaptureCursor> {
  readonly names: (string | undefined)[] = [];
  #interface: CaptureInterface | undefined;
  #name: string | undefined;

  linkTypeOf(cursor: CaptureCursor): number {
    const found = cursor.interface;
    if (found !== this.#interface) {
      this.#interface = found;
      this.#name = shortened(found.name);
    }
    this.names.push(this.#name);
    return found.linkType;
  }

  hasTime(cursor: CaptureCursor): boolean {
    return cursor.hasTimestamp;
  }
}

/** Of the batches of a replay, which come with the blocks of their file. */
export class BlockNames {
  /** Of the section that the last batch ended in. */
  #interfaces: (string | undefined)[] = [];

  /** Begins another file. */
  beginFile(): void {
    this.#interfaces = [];
  }

  /** The name of each packet's interface, in the order of the packets. */
  of(batch: PacketBatch): (string | undefined)[] {
    const names: (string | undefined)[] = [];
    for (const block of batch.fileBlocks ?? []) {
      if (block.kind === "section-header") this.#interfaces = [];
      else if (block.kind === "interface-description") this.#interfaces.push(shortened(block.interface.name));
      else if (block.kind === "enhanced-packet" || block.kind === "packet")
        names.push(this.#interfaces[block.interfaceId]);
      else if (block.kind === "simple-packet") names.push(this.#interfaces[0]);
    }
    return names;
  }
}

function shortened(name: string | undefined): string | undefined {
  return name === "" ? undefined : name?.slice(0, LONGEST);
}

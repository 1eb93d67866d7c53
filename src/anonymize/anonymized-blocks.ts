/** The blocks of a pcapng file without what may tell addresses, hosts or people. */
import { ringcapVersion } from "../outputs/application.ts";
import type { FileBlocks } from "../packets/file-blocks.ts";
import type { BlockOption, CaptureBlock, PacketCaptureBlock } from "../pcap-parser/index.ts";

/** draft-ietf-opsawg-pcapng: the options that stay, by the kind of their block. All others are left out. */
const SHB_USERAPPL = 4;
/** if_speed, if_tsresol, if_fcslen, if_tsoffset, if_txspeed and if_rxspeed. */
const INTERFACE_OPTIONS: ReadonlySet<number> = new Set([8, 9, 13, 14, 16, 17]);
/** The times and the counters. */
const STATISTICS_OPTIONS: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 8]);
/** epb_flags, epb_dropcount and epb_queue. A hash would tell whether a guess of the packet is right. */
const PACKET_OPTIONS: ReadonlySet<number> = new Set([2, 4, 6]);
/** pack_flags. */
const OBSOLETE_PACKET_OPTIONS: ReadonlySet<number> = new Set([2]);

interface Options extends Iterable<BlockOption> {
  readonly littleEndian: boolean;
}

/** Blocks are left out whole that hold names, secrets, or what only others know. */
export function anonymizedBlocks(blocks: FileBlocks): FileBlocks {
  return { linkType: blocks.linkType, isRewritten: true, [Symbol.iterator]: () => rewritten(blocks) };
}

function* rewritten(blocks: FileBlocks): Generator<CaptureBlock | PacketCaptureBlock> {
  for (const block of blocks) {
    const kept = withoutOrigins(block);
    if (kept !== undefined) yield kept as CaptureBlock | PacketCaptureBlock;
  }
}

function withoutOrigins(block: CaptureBlock | PacketCaptureBlock): object | undefined {
  switch (block.kind) {
    case "section-header":
      return { ...block, options: [{ code: SHB_USERAPPL, value: Buffer.from(`ringcap ${ringcapVersion()}`) }] };
    case "interface-description":
      return { ...block, options: only(block.options, INTERFACE_OPTIONS) };
    case "interface-statistics":
      return { ...block, options: only(block.options, STATISTICS_OPTIONS) };
    case "enhanced-packet":
      return { ...block, options: only(block.options, PACKET_OPTIONS) };
    case "packet":
      return { ...block, options: only(block.options, OBSOLETE_PACKET_OPTIONS) };
    case "simple-packet":
      return block;
    default:
      return undefined;
  }
}

function only(options: Options, codes: ReadonlySet<number>): Options {
  const kept = [...options].filter(({ code }) => codes.has(code));
  return Object.assign(kept, { littleEndian: options.littleEndian });
}

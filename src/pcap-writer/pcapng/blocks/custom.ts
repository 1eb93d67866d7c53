/** Custom Block: draft-ietf-opsawg-pcapng, section 4.8. */
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_32 } from "../checks.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { type PcapngOptions, putOptions } from "../options.ts";

/** A block of an organisation of its own: draft-ietf-opsawg-pcapng, section 4.8. */
export interface PcapngCustomBlock {
  readonly kind: "custom";
  /** The private enterprise number (IANA) of the organisation that defined the block. */
  readonly enterprise: number;
  /** Whether a program that changes the file should keep the block. By default it should. */
  readonly copied?: boolean | undefined;
  /** What the organisation defines. */
  readonly data: Uint8Array;
  /**
   * The options behind the data. The data must state its own length, because nothing else tells a reader where the
   * options begin.
   */
  readonly options?: PcapngOptions | undefined;
}

const COPIED = 0x0000_0bad;
const NOT_COPIED = 0x4000_0bad;
const LAYOUTS: OptionLayouts = {};

export function putCustom(into: BlockBytes, block: PcapngCustomBlock): void {
  const { enterprise, copied = true, data, options } = block;
  checkNumber("enterprise", enterprise, MOST_32);
  into.begin(copied ? COPIED : NOT_COPIED);
  into.uint32(enterprise);
  into.bytes(data);
  into.pad();
  putOptions(into, options, LAYOUTS);
  into.end();
}

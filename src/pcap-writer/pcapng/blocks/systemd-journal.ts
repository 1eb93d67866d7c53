/** systemd Journal Export Block: draft-richardson-opsawg-pcapng-extras, section 3.1. */
import type { BlockBytes } from "../block-bytes.ts";

export interface PcapngSystemdJournal {
  readonly kind: "systemd-journal";
  /** One entry of systemd's journal export format. */
  readonly entry: Uint8Array;
}

const TYPE = 9;

export function putSystemdJournal(into: BlockBytes, block: PcapngSystemdJournal): void {
  into.begin(TYPE);
  into.bytes(block.entry);
  into.pad();
  into.end();
}

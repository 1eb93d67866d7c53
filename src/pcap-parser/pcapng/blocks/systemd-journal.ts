/** systemd Journal Export Block: draft-richardson-opsawg-pcapng-extras, section 3.1. */
import type { RawBlock } from "../raw-block.ts";

export const SYSTEMD_JOURNAL = 9;

/** An entry of systemd's journal: draft-richardson-opsawg-pcapng-extras, section 3.1. */
export interface SystemdJournalBlock {
  readonly kind: "systemd-journal";
  readonly raw: RawBlock;
  /** One entry of systemd's journal export format, followed by up to three bytes of padding. */
  readonly entry: Uint8Array;
}

export function readSystemdJournal(raw: RawBlock): SystemdJournalBlock {
  return { kind: "systemd-journal", raw, entry: raw.body() };
}

/** systemd Journal Export Block: draft-richardson-opsawg-pcapng-extras, section 3.1. */
import { usageError } from "../../../errors.ts";
import type { BlockBytes } from "../block-bytes.ts";

/** An entry of systemd's journal: draft-richardson-opsawg-pcapng-extras, section 3.1. */
export interface PcapngSystemdJournal {
  readonly kind: "systemd-journal";
  /** One entry of systemd's journal export format. */
  readonly entry: Uint8Array;
}

const TYPE = 9;
/** Wireshark stops reading the file at an entry without this field. */
const REALTIME = /^__REALTIME_TIMESTAMP=[0-9]+$/m;

export function putSystemdJournal(into: BlockBytes, block: PcapngSystemdJournal): void {
  into.begin(TYPE);
  into.bytes(block.entry);
  into.pad();
  into.end();
}

/** Checks an entry. @throws RingcapError USAGE for an entry without the time that every entry must have */
export function checkJournalEntry(entry: Uint8Array): void {
  if (!REALTIME.test(new TextDecoder().decode(entry)))
    throw usageError("entry", "it has no line __REALTIME_TIMESTAMP=");
}

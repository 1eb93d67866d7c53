/** What the other parts use of packets. */
export { type ChecksumChoice, ChecksumRepair } from "./checksum-repair.ts";

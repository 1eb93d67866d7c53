/** The format of the file of -w. */
import { type ChecksumRepair, type FileFormat, PcapFileFormat, PcapngFileFormat } from "../outputs/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import type { OutputPlan } from "./capture-output.ts";

export function fileFormat(
  { format, comment }: OutputPlan,
  precision: TimeStampPrecision,
  checksums: ChecksumRepair | undefined,
): FileFormat {
  return format === "pcap"
    ? new PcapFileFormat(precision, checksums)
    : new PcapngFileFormat({ precision, comment, checksums });
}

/**
 * Sinks and file formats, and the functions through which all text leaves the process. The printing of lines has an
 * index of its own: lines/index.ts.
 */

export { ringcapVersion } from "./application.ts";
export { openByteOutput } from "./byte-output.ts";
export type { ByteOutput } from "./byte-sink.ts";
export { CaptureOutput } from "./capture-output.ts";
export { type ChecksumChoice, ChecksumRepair } from "./checksum-repair.ts";
export type { Compression } from "./compression/compressor.ts";
export { CountingSink } from "./counting-sink.ts";
export type { FileFormat } from "./file-format.ts";
export { fileStream } from "./file-stream.ts";
export { isStandardOutput } from "./output-file.ts";
export { PcapFileFormat, pcapNeeds } from "./pcap-format.ts";
export { PCAPNG_NEEDS, PcapngFileFormat } from "./pcapng-format.ts";
export { printable, printableColouredLines, printableJson, printableLines, printableMessage } from "./printable.ts";
export { RotatingOutput } from "./rotating-output.ts";
export { isRotating, type RotationOptions } from "./rotation-options.ts";
export { type Column, shownWidth, tableRow } from "./table-row.ts";
export { isTerminal } from "./terminal.ts";
export { WholeFile } from "./whole-file.ts";

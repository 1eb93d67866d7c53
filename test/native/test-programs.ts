/** The programs of programs.bpf.c, and the ring records that they are made to push. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { addon, type NativeObject } from "../../src/libbpf/addon.ts";
import type { Descriptor } from "../../src/libbpf/descriptor.ts";

type ProgramName = "push" | "discard" | "refused";

let compiled: Buffer | undefined;

/** The object file, compiled once. */
export function testPrograms(): Buffer {
  compiled ??= compile(fileURLToPath(new URL("programs.bpf.c", import.meta.url)));
  return compiled;
}

function compile(source: string): Buffer {
  // The kernel's types for this machine's architecture lie in a folder that clang's BPF target does not search.
  const architecture = execFileSync("gcc", ["-print-multiarch"], { encoding: "utf8" }).trim();
  const target = ["-target", "bpf", "-mcpu=v3", "-O2", "-g", `-I/usr/include/${architecture}`];
  return execFileSync("clang", [...target, "-c", source, "-o", "-"]);
}

/** An object of which only these programs are to be loaded. */
export function openTestObject(...programs: readonly ProgramName[]): NativeObject {
  const object = new (addon().BpfObject)(testPrograms(), "programs");
  for (const name of ["push", "discard", "refused"] as const) object.setAutoload(name, programs.includes(name));
  return object;
}

/** A ring of 16 KiB, and what fills it. Closed when the test ends. */
export interface FilledRing {
  readonly map: Descriptor;
  /** Whether the record, from 14 bytes on, found room. */
  push(record: Uint8Array): boolean;
  discard(): boolean;
}

const XDP_PASS = 2;

export function loadRing(): FilledRing {
  const object = openTestObject("push", "discard");
  object.load();
  const map = object.map("ring");
  const programs = { push: object.program("push"), discard: object.program("discard") };
  object.close();
  onTestFinished(() => {
    for (const descriptor of [map, programs.push, programs.discard]) descriptor.close();
  });
  const run = (program: Descriptor, frame: Uint8Array) =>
    addon().testRun(program, frame, new Uint8Array(0), 1, 0, 0).returnValue === XDP_PASS;
  return {
    map,
    push: (record) => run(programs.push, record),
    discard: () => run(programs.discard, new Uint8Array(14)),
  };
}

export interface RecordContent {
  readonly timestamp: bigint;
  readonly data?: Uint8Array;
  readonly originalLength?: number;
  readonly interfaceIndex?: number;
  readonly direction?: number;
  /** What the record says of itself, if not the truth. */
  readonly capturedLength?: number;
}

/** bpf/packet_record.h: time stamp (8 bytes), captured length, original length, interface, direction (4 bytes each). */
export function packetRecord(content: RecordContent): Uint8Array {
  const { timestamp, data = new Uint8Array(0), interfaceIndex = 1, direction = 0 } = content;
  const record = Buffer.alloc(24 + data.length);
  record.writeBigUInt64LE(timestamp, 0);
  record.writeUInt32LE(content.capturedLength ?? data.length, 8);
  record.writeUInt32LE(content.originalLength ?? data.length, 12);
  record.writeUInt32LE(interfaceIndex, 16);
  record.writeUInt32LE(direction, 20);
  record.set(data, 24);
  return record;
}

/** The programs of programs.bpf.c, and the records that they are made to push into a BPF ring buffer. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { addon, type NativeObject } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";

export const PROGRAM_NAMES = ["push", "discard", "refused", "push_tag"] as const;

type ProgramName = (typeof PROGRAM_NAMES)[number];

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
  for (const name of PROGRAM_NAMES) object.setAutoload(name, programs.includes(name));
  return object;
}

/** A BPF ring buffer of 16 KiB, and what fills it. Closed when the test ends. */
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

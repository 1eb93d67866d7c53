/** The kernel's own classic BPF as a judge of what compiled programs decide. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { RawInstruction } from "../../src/filter/classic/instruction.ts";

export class ClassicJudge {
  readonly #program: string;

  /** @param directory where the judge is built */
  constructor(directory: string) {
    this.#program = join(directory, "classic-judge");
    const source = new URL("classic-judge.c", import.meta.url).pathname;
    const built = spawnSync("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", this.#program, source]);
    if (built.status !== 0) throw new Error(`gcc: ${built.stderr}`);
  }

  /** Which packets the kernel lets through. */
  verdicts(program: readonly RawInstruction[], packets: readonly Uint8Array[]): boolean[] {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(program.length);
    const parts: Uint8Array[] = [header, encodeProgram(program)];
    for (const packet of packets) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(packet.length);
      parts.push(length, packet);
    }
    const judged = spawnSync(this.#program, { input: Buffer.concat(parts) });
    if (judged.status !== 0) throw new Error(`the kernel's classic BPF: ${judged.stderr}`);
    return [...judged.stdout].map((verdict) => verdict === 1);
  }
}

/** struct sock_filter of linux/filter.h. */
function encodeProgram(program: readonly RawInstruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, jt, jf, k }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k, index * 8 + 4);
  }
  return bytes;
}

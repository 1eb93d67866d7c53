/** Classic BPF as the kernel and libpcap have it: struct sock_filter, one after the other, in this machine's byte order. */
import { CLASSIC_INSTRUCTION } from "../../generated/layouts.ts";
import type { RawInstruction } from "./instruction.ts";

const { size, code: codeOffset, jt: jtOffset, jf: jfOffset, k: kOffset } = CLASSIC_INSTRUCTION;

export function instructionsOf(program: Uint8Array): RawInstruction[] {
  const bytes = program.slice();
  const halves = new Uint16Array(bytes.buffer);
  const words = new Uint32Array(bytes.buffer);
  return Array.from({ length: bytes.length / size }, (_, index) => {
    const start = index * size;
    return {
      code: halves[(start + codeOffset) / 2] ?? 0,
      jt: bytes[start + jtOffset] ?? 0,
      jf: bytes[start + jfOffset] ?? 0,
      k: words[(start + kOffset) / 4] ?? 0,
    };
  });
}

export function bytesOf(program: readonly RawInstruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * size);
  const halves = new Uint16Array(bytes.buffer);
  const words = new Uint32Array(bytes.buffer);
  for (const [index, { code, jt, jf, k }] of program.entries()) {
    const start = index * size;
    halves[(start + codeOffset) / 2] = code;
    bytes[start + jtOffset] = jt;
    bytes[start + jfOffset] = jf;
    words[(start + kOffset) / 4] = k;
  }
  return bytes;
}

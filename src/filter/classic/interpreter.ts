/**
 * Runs classic BPF as libpcap does for files (bpf_filter() of bpf_filter.c): registers of 32 bits that start as 0, no
 * match for whoever reads beyond the captured bytes or divides by zero.
 */
import { RingcapError } from "../../errors.ts";
import { type Instruction, type Program, SCRATCH_WORDS } from "./instruction.ts";
import * as op from "./interpreter-operations.ts";

export class Interpreter {
  // An instruction is a number of each; registers and constants are signed, and compared as what they are: unsigned.
  readonly #operations: Uint8Array;
  readonly #constants: Int32Array;
  /** Index of the instruction before the target. */
  readonly #whenTrue: Uint16Array;
  readonly #whenFalse: Uint16Array;
  readonly #scratch = new Int32Array(SCRATCH_WORDS);
  readonly #readsScratch: boolean;

  /** @throws RingcapError USAGE that names what the program asks and a file does not know */
  constructor(program: Program) {
    this.#operations = new Uint8Array(program.length);
    this.#constants = new Int32Array(program.length);
    this.#whenTrue = new Uint16Array(program.length);
    this.#whenFalse = new Uint16Array(program.length);
    this.#readsScratch = program.some(({ kind }) => kind === "load-scratch");
    for (const [index, instruction] of program.entries()) {
      const [operation, constant] = op.encode(instruction) ?? unknownToFiles(index, instruction);
      this.#operations[index] = operation;
      this.#constants[index] = constant;
      this.#addJumps(index, instruction);
    }
  }

  /**
   * @param bytes the captured bytes of the packet are the `capturedLength` ones from `start` on
   * @param originalLength bytes on the wire, `len` in expressions
   * @returns what the program returns: 0, no match, or how many bytes to keep
   */
  run(bytes: Uint8Array, start: number, capturedLength: number, originalLength: number): number {
    const operations = this.#operations;
    const constants = this.#constants;
    const scratch = this.#scratch;
    if (this.#readsScratch) scratch.fill(0);
    let a = 0;
    let x = 0;
    for (let next = 0; ; next++) {
      const k = constants[next] ?? 0;
      switch (operations[next]) {
        case op.LOAD_BYTE:
          if (k >= capturedLength) return 0;
          a = bytes[start + k] ?? 0;
          break;
        case op.LOAD_HALF:
          if (k + 2 > capturedLength) return 0;
          a = half(bytes, start + k);
          break;
        case op.LOAD_WORD:
          if (k + 4 > capturedLength) return 0;
          a = word(bytes, start + k);
          break;
        case op.LOAD_INDEXED_BYTE: {
          const offset = (x >>> 0) + (k >>> 0);
          if (offset >= capturedLength) return 0;
          a = bytes[start + offset] ?? 0;
          break;
        }
        case op.LOAD_INDEXED_HALF: {
          const offset = (x >>> 0) + (k >>> 0);
          if (offset + 2 > capturedLength) return 0;
          a = half(bytes, start + offset);
          break;
        }
        case op.LOAD_INDEXED_WORD: {
          const offset = (x >>> 0) + (k >>> 0);
          if (offset + 4 > capturedLength) return 0;
          a = word(bytes, start + offset);
          break;
        }
        case op.LOAD_HEADER_LENGTH:
          if (k >= capturedLength) return 0;
          x = ((bytes[start + k] ?? 0) & 0x0f) << 2;
          break;
        case op.IMMEDIATE_TO_A:
          a = k;
          break;
        case op.IMMEDIATE_TO_X:
          x = k;
          break;
        case op.LENGTH_TO_A:
          a = originalLength | 0;
          break;
        case op.LENGTH_TO_X:
          x = originalLength | 0;
          break;
        case op.SCRATCH_TO_A:
          a = scratch[k] ?? 0;
          break;
        case op.SCRATCH_TO_X:
          x = scratch[k] ?? 0;
          break;
        case op.STORE_A:
          scratch[k] = a;
          break;
        case op.STORE_X:
          scratch[k] = x;
          break;
        case op.NEGATE:
          a = -a | 0;
          break;
        case op.A_TO_X:
          x = a;
          break;
        case op.X_TO_A:
          a = x;
          break;
        case op.JUMP:
          next = this.#whenTrue[next] ?? 0;
          break;
        case op.RETURN_IMMEDIATE:
          return k >>> 0;
        case op.RETURN_A:
          return a >>> 0;
        case op.EQUAL:
          next = this.#branch(a === k, next);
          break;
        case op.EQUAL + 1:
          next = this.#branch(a === x, next);
          break;
        case op.GREATER:
          next = this.#branch(a >>> 0 > k >>> 0, next);
          break;
        case op.GREATER + 1:
          next = this.#branch(a >>> 0 > x >>> 0, next);
          break;
        case op.GREATER_OR_EQUAL:
          next = this.#branch(a >>> 0 >= k >>> 0, next);
          break;
        case op.GREATER_OR_EQUAL + 1:
          next = this.#branch(a >>> 0 >= x >>> 0, next);
          break;
        case op.ANY_BIT:
          next = this.#branch((a & k) !== 0, next);
          break;
        case op.ANY_BIT + 1:
          next = this.#branch((a & x) !== 0, next);
          break;
        case op.ADD:
          a = (a + k) | 0;
          break;
        case op.ADD + 1:
          a = (a + x) | 0;
          break;
        case op.SUB:
          a = (a - k) | 0;
          break;
        case op.SUB + 1:
          a = (a - x) | 0;
          break;
        case op.MUL:
          a = Math.imul(a, k);
          break;
        case op.MUL + 1:
          a = Math.imul(a, x);
          break;
        // decode() has refused constants of 0 here, and of more than 31 in shifts.
        case op.DIV:
          a = ((a >>> 0) / (k >>> 0)) | 0;
          break;
        case op.DIV + 1:
          if (x === 0) return 0;
          a = ((a >>> 0) / (x >>> 0)) | 0;
          break;
        case op.MOD:
          a = ((a >>> 0) % (k >>> 0)) | 0;
          break;
        case op.MOD + 1:
          if (x === 0) return 0;
          a = ((a >>> 0) % (x >>> 0)) | 0;
          break;
        case op.AND:
          a &= k;
          break;
        case op.AND + 1:
          a &= x;
          break;
        case op.OR:
          a |= k;
          break;
        case op.OR + 1:
          a |= x;
          break;
        case op.XOR:
          a ^= k;
          break;
        case op.XOR + 1:
          a ^= x;
          break;
        case op.LSH:
          a <<= k;
          break;
        case op.LSH + 1:
          a = x >>> 0 < 32 ? a << x : 0;
          break;
        case op.RSH:
          a = (a >>> k) | 0;
          break;
        case op.RSH + 1:
          a = x >>> 0 < 32 ? (a >>> x) | 0 : 0;
          break;
        default:
          throw new Error(`the interpreter has no operation ${operations[next]}`);
      }
    }
  }

  #branch(taken: boolean, at: number): number {
    return (taken ? this.#whenTrue[at] : this.#whenFalse[at]) ?? 0;
  }

  /** The loop adds one to where it is. */
  #addJumps(index: number, instruction: Instruction): void {
    if (instruction.kind === "jump") this.#whenTrue[index] = index + instruction.skip;
    if (instruction.kind !== "branch") return;
    this.#whenTrue[index] = index + instruction.skipTrue;
    this.#whenFalse[index] = index + instruction.skipFalse;
  }
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function word(bytes: Uint8Array, at: number): number {
  return (half(bytes, at) << 16) | half(bytes, at + 2);
}

function unknownToFiles(index: number, instruction: Instruction): never {
  const operation = "compile the expression";
  const field = instruction.kind === "load-ancillary" ? instruction.field : instruction.kind;
  throw new RingcapError(
    `${operation}: instruction ${index} asks for "${field}", which the kernel knows of a packet and a capture file does not`,
    { code: "USAGE", operation, hint: "inbound, outbound and ifindex can be asked of captures only" },
  );
}

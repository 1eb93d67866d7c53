/** The loop of the interpreter. */
import { Operation } from "./operations.ts";

// The numbers are constants of this module, so that the compiler makes a jump table of the switch.
const {
  LOAD_BYTE,
  LOAD_HALF,
  LOAD_WORD,
  LOAD_INDEXED_BYTE,
  LOAD_INDEXED_HALF,
  LOAD_INDEXED_WORD,
  LOAD_HEADER_LENGTH,
  IMMEDIATE_TO_A,
  IMMEDIATE_TO_X,
  LENGTH_TO_A,
  LENGTH_TO_X,
  SCRATCH_TO_A,
  SCRATCH_TO_X,
  STORE_A,
  STORE_X,
  NEGATE,
  A_TO_X,
  X_TO_A,
  JUMP,
  RETURN_IMMEDIATE,
  RETURN_A,
  EQUAL,
  GREATER,
  GREATER_OR_EQUAL,
  ANY_BIT,
  ADD,
  SUB,
  MUL,
  DIV,
  MOD,
  AND,
  OR,
  XOR,
  LSH,
  RSH,
} = Operation;

/**
 * Each array has one number for an instruction. Registers and constants are signed here, and are compared and divided
 * as unsigned numbers where it makes a difference.
 */
export interface EncodedProgram {
  readonly operations: Uint8Array;
  readonly constants: Int32Array;
  /** Index of the instruction before the target. */
  readonly whenTrue: Uint32Array;
  readonly whenFalse: Uint32Array;
  /** The words are all 0 at the start. */
  readonly scratch: Int32Array;
}

/** @returns what the program returns, 32 bits, unsigned; 0 when it reads what is not there or divides by zero */
export function execute(
  program: EncodedProgram,
  bytes: Uint8Array,
  start: number,
  capturedLength: number,
  originalLength: number,
): number {
  const { operations, constants, whenTrue, whenFalse, scratch } = program;
  let a = 0;
  let x = 0;
  for (let next = 0; ; next++) {
    const k = constants[next] ?? 0;
    switch (operations[next]) {
      case LOAD_BYTE:
        if (k >= capturedLength) return 0;
        a = bytes[start + k] ?? 0;
        break;
      case LOAD_HALF:
        if (k + 2 > capturedLength) return 0;
        a = half(bytes, start + k);
        break;
      case LOAD_WORD:
        if (k + 4 > capturedLength) return 0;
        a = word(bytes, start + k);
        break;
      case LOAD_INDEXED_BYTE: {
        const offset = (x >>> 0) + (k >>> 0);
        if (offset >= capturedLength) return 0;
        a = bytes[start + offset] ?? 0;
        break;
      }
      case LOAD_INDEXED_HALF: {
        const offset = (x >>> 0) + (k >>> 0);
        if (offset + 2 > capturedLength) return 0;
        a = half(bytes, start + offset);
        break;
      }
      case LOAD_INDEXED_WORD: {
        const offset = (x >>> 0) + (k >>> 0);
        if (offset + 4 > capturedLength) return 0;
        a = word(bytes, start + offset);
        break;
      }
      case LOAD_HEADER_LENGTH:
        if (k >= capturedLength) return 0;
        x = ((bytes[start + k] ?? 0) & 0x0f) << 2;
        break;
      case IMMEDIATE_TO_A:
        a = k;
        break;
      case IMMEDIATE_TO_X:
        x = k;
        break;
      case LENGTH_TO_A:
        a = originalLength | 0;
        break;
      case LENGTH_TO_X:
        x = originalLength | 0;
        break;
      case SCRATCH_TO_A:
        a = scratch[k] ?? 0;
        break;
      case SCRATCH_TO_X:
        x = scratch[k] ?? 0;
        break;
      case STORE_A:
        scratch[k] = a;
        break;
      case STORE_X:
        scratch[k] = x;
        break;
      case NEGATE:
        a = -a | 0;
        break;
      case A_TO_X:
        x = a;
        break;
      case X_TO_A:
        a = x;
        break;
      case JUMP:
        next = whenTrue[next] ?? 0;
        break;
      case RETURN_IMMEDIATE:
        return k >>> 0;
      case RETURN_A:
        return a >>> 0;
      case EQUAL:
        next = (a === k ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case EQUAL + 1:
        next = (a === x ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case GREATER:
        next = (a >>> 0 > k >>> 0 ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case GREATER + 1:
        next = (a >>> 0 > x >>> 0 ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case GREATER_OR_EQUAL:
        next = (a >>> 0 >= k >>> 0 ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case GREATER_OR_EQUAL + 1:
        next = (a >>> 0 >= x >>> 0 ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case ANY_BIT:
        next = ((a & k) !== 0 ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case ANY_BIT + 1:
        next = ((a & x) !== 0 ? whenTrue[next] : whenFalse[next]) ?? 0;
        break;
      case ADD:
        a = (a + k) | 0;
        break;
      case ADD + 1:
        a = (a + x) | 0;
        break;
      case SUB:
        a = (a - k) | 0;
        break;
      case SUB + 1:
        a = (a - x) | 0;
        break;
      case MUL:
        a = Math.imul(a, k);
        break;
      case MUL + 1:
        a = Math.imul(a, x);
        break;
      // decode() refuses a constant of 0 here, and a shift by more than 31.
      case DIV:
        a = ((a >>> 0) / (k >>> 0)) | 0;
        break;
      case DIV + 1:
        if (x === 0) return 0;
        a = ((a >>> 0) / (x >>> 0)) | 0;
        break;
      case MOD:
        a = ((a >>> 0) % (k >>> 0)) | 0;
        break;
      case MOD + 1:
        if (x === 0) return 0;
        a = ((a >>> 0) % (x >>> 0)) | 0;
        break;
      case AND:
        a &= k;
        break;
      case AND + 1:
        a &= x;
        break;
      case OR:
        a |= k;
        break;
      case OR + 1:
        a |= x;
        break;
      case XOR:
        a ^= k;
        break;
      case XOR + 1:
        a ^= x;
        break;
      case LSH:
        a <<= k;
        break;
      case LSH + 1:
        a = x >>> 0 < 32 ? a << x : 0;
        break;
      case RSH:
        a = (a >>> k) | 0;
        break;
      case RSH + 1:
        a = x >>> 0 < 32 ? (a >>> x) | 0 : 0;
        break;
      default:
        throw new Error(`the interpreter has no operation ${operations[next]}`);
    }
  }
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function word(bytes: Uint8Array, at: number): number {
  return (half(bytes, at) << 16) | half(bytes, at + 2);
}

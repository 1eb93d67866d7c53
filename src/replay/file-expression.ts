/** An expression over the packets of a file. The host runs it, and this says what the kernel needs to run it too. */

import type { Program } from "../filter/classic/instruction.ts";
import { Interpreter } from "../filter/classic/interpreter.ts";
import { compileExpression } from "../filter/expression.ts";
import { BATCH_RECORD } from "../generated/layouts.ts";
import type { ByteOrder } from "../packets/byte-order.ts";
import type { InputBatch } from "../packets/input-batch.ts";

const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;

export class FileExpression {
  /**
   * The expression for the byte order of the file at its first packet. Later sections of a pcapng file may have another
   * byte order. That makes a difference only for link types that no program of the kernel meets: BSD loopback and ENC.
   */
  readonly program: Program;
  /** Whether the expression asks for the original length. */
  readonly readsLength: boolean;
  readonly #text: string;
  readonly #linkType: number;
  readonly #onNote: (note: string) => void;
  readonly #interpreters = new Map<ByteOrder, Interpreter>();

  /** @throws RingcapError USAGE also for what lies beside packets and not in files; INSTALLATION without libpcap */
  constructor(text: string, linkType: number, byteOrder: ByteOrder, onNote: (note: string) => void) {
    this.#onNote = onNote;
    this.#text = text;
    this.#linkType = linkType;
    this.program = this.#compile(byteOrder);
    this.readsLength = this.program.some(({ kind }) => kind === "load-length");
    this.#interpreters.set(byteOrder, new Interpreter(this.program));
  }

  /** Sets the verdicts of packets to 0 that do not match. */
  match({ bytes, words, count, byteOrder }: InputBatch, verdicts: Uint8Array): void {
    const interpreter = this.#interpreterFor(byteOrder);
    let record = 0;
    for (let packet = 0; packet < count; packet++) {
      const capturedLength = words[record / 4 + CAPTURED_LENGTH] ?? 0;
      const originalLength = words[record / 4 + ORIGINAL_LENGTH] ?? 0;
      const start = record + BATCH_RECORD.size;
      if (verdicts[packet] === 1 && interpreter.run(bytes, start, capturedLength, originalLength) === 0) {
        verdicts[packet] = 0;
      }
      record = start + ((capturedLength + 7) & ~7);
    }
  }

  #interpreterFor(byteOrder: ByteOrder): Interpreter {
    const interpreter = this.#interpreters.get(byteOrder) ?? new Interpreter(this.#compile(byteOrder));
    this.#interpreters.set(byteOrder, interpreter);
    return interpreter;
  }

  #compile(byteOrder: ByteOrder): Program {
    const options = { fileByteOrder: byteOrder, onNote: this.#onNote };
    return compileExpression(this.#text, this.#linkType, options).program;
  }
}

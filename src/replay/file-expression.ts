/** An expression over the packets of a file: on the host, and what the kernel needs to have it too. */

import type { Program } from "../filter/classic/instruction.ts";
import { Interpreter } from "../filter/classic/interpreter.ts";
import { compileExpression } from "../filter/expression.ts";
import { BATCH_RECORD } from "../generated/layouts.ts";
import type { InputBatch } from "./input-batch.ts";

const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;

export class FileExpression {
  readonly program: Program;
  /** Whether it asks how long packets were on the wire. */
  readonly readsLength: boolean;
  readonly #interpreter: Interpreter;

  /** @throws RingcapError USAGE also for what lies beside packets and not in files; INSTALLATION without libpcap */
  constructor(text: string, linkType: number) {
    this.program = compileExpression(text, linkType).program;
    this.readsLength = this.program.some(({ kind }) => kind === "load-length");
    this.#interpreter = new Interpreter(this.program);
  }

  /** Turns those verdicts to 0 whose packets do not match. */
  match({ bytes, words, count }: InputBatch, verdicts: Uint8Array): void {
    let record = 0;
    for (let packet = 0; packet < count; packet++) {
      const capturedLength = words[record / 4 + CAPTURED_LENGTH] ?? 0;
      const originalLength = words[record / 4 + ORIGINAL_LENGTH] ?? 0;
      const start = record + BATCH_RECORD.size;
      if (verdicts[packet] === 1 && this.#interpreter.run(bytes, start, capturedLength, originalLength) === 0) {
        verdicts[packet] = 0;
      }
      record = start + ((capturedLength + 7) & ~7);
    }
  }
}

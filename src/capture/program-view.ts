/**
 * Looks at the programs at TC without the capabilities that asking the kernel needs. The iterators of
 * bpf/capture/program_view.bpf.c give the answers.
 */

import { KERNEL_NAME_LENGTH, VIEW_CHAIN, VIEW_PROGRAM, VIEW_QUESTION } from "../generated/layouts.ts";
import { kernelError } from "../host/kernel-error.ts";
import { hasTcx } from "../host/kernel-features.ts";
import type { BpfLink } from "../native/link.ts";
import type { BpfMap } from "../native/map.ts";
import { BpfObject } from "../native/object.ts";
import type { BpfProgram } from "../native/program.ts";
import type { ChainState } from "../native/program-chain.ts";
import { CAPTURE_MARKS, type ProgramNames } from "./chain-members.ts";

const MARKS = [CAPTURE_MARKS.pass, CAPTURE_MARKS.drop] as const;
const OPERATION = "look at the programs at TC";
const PROGRAM_ID_SIZE = 4;
const KEY = Uint8Array.of(0, 0, 0, 0);

interface Question {
  readonly linkId?: number;
  readonly egress?: boolean;
  readonly programId?: number;
}

/** The programs while they are loaded beside this thread, which takes as long as reading the BTF of the whole kernel. */
export class LoadingView implements Disposable {
  readonly object: BpfObject;
  readonly hasChains: boolean;

  /** Undefined where that fails, which new ProgramView() tells. */
  static begin(): LoadingView | undefined {
    try {
      return new LoadingView();
    } catch {
      return undefined;
    }
  }

  /** @throws RingcapError INSTALLATION; PRIVILEGE */
  constructor() {
    try {
      this.hasChains = hasTcx();
      this.object = BpfObject.openBuiltIn("program_view");
    } catch (error) {
      throw kernelError(OPERATION, error);
    }
    this.object.setAutoload("tell_chain", this.hasChains);
    this.object.startLoading();
  }

  close(): void {
    this.object.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export class ProgramView implements Disposable {
  readonly #question: BpfMap;
  readonly #teller: BpfProgram;
  /** The iterator over a chain; undefined before Linux 6.6. */
  readonly #chainTeller: BpfProgram | undefined;

  /** Loads the programs, or waits for the end of that. @throws RingcapError PRIVILEGE; KERNEL without BTF, or before Linux 5.17 */
  constructor(loading = new LoadingView()) {
    try {
      using object = loading.object;
      const { hasChains } = loading;
      object.load();
      this.#question = object.map("view_question");
      this.#teller = object.program("tell_program");
      this.#chainTeller = hasChains ? object.program("tell_chain") : undefined;
    } catch (error) {
      throw kernelError(OPERATION, error);
    }
  }

  /** The chain that a link is in; undefined once its interface is gone. */
  chainOf(link: BpfLink, egress: boolean): ChainState | undefined {
    this.#ask({ linkId: link.id(), egress });
    return parseChain(this.#chainTeller?.iterate());
  }

  /** The name of a program, and those names of its maps that tell whose it is; undefined when it is gone. */
  namesOf(programId: number): ProgramNames | undefined {
    this.#ask({ programId });
    return parseProgram(this.#teller.iterate());
  }

  #ask({ linkId = 0, egress = false, programId = 0 }: Question): void {
    const question = Buffer.alloc(VIEW_QUESTION.size);
    const words = new DataView(question.buffer, question.byteOffset);
    const isLittleEndian = true;
    words.setUint32(VIEW_QUESTION.linkId, linkId, isLittleEndian);
    words.setUint32(VIEW_QUESTION.egress, egress ? 1 : 0, isLittleEndian);
    words.setUint32(VIEW_QUESTION.programId, programId, isLittleEndian);
    for (const [index, mark] of MARKS.entries()) {
      question.write(mark, VIEW_QUESTION.marks + index * KERNEL_NAME_LENGTH, "latin1");
    }
    this.#question.update(KEY, question);
  }

  close(): void {
    this.#question.close();
    this.#teller.close();
    this.#chainTeller?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @param told what the kernel's program wrote; nothing where there is no such chain */
export function parseChain(told: Buffer | undefined): ChainState | undefined {
  if (told === undefined || told.length < VIEW_CHAIN.size) return undefined;
  const programIds: number[] = [];
  for (let at: number = VIEW_CHAIN.size; at + PROGRAM_ID_SIZE <= told.length; at += PROGRAM_ID_SIZE) {
    programIds.push(told.readUInt32LE(at));
  }
  return { revision: told.readBigUInt64LE(VIEW_CHAIN.revision), programIds };
}

/** @param told what the kernel's program wrote; nothing where there is no such program */
export function parseProgram(told: Buffer): ProgramNames | undefined {
  if (told.length < VIEW_PROGRAM.size) return undefined;
  const marks = told.readUInt32LE(VIEW_PROGRAM.marks);
  const name = told.toString("latin1", VIEW_PROGRAM.name, VIEW_PROGRAM.name + KERNEL_NAME_LENGTH);
  return { name: name.replace(/\0.*$/s, ""), maps: MARKS.filter((_, index) => (marks & (1 << index)) !== 0) };
}

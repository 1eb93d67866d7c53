/**
 * The chain of programs at TC since Linux 6.6 (TCX). The first program that returns anything but TCX_NEXT ends the
 * chain for a packet.
 */
import { addon } from "./addon.ts";
import { BpfLink } from "./link.ts";
import { AttachType, type BpfProgram } from "./program.ts";

/** One of the two chains of an interface. */
export interface Chain {
  readonly interfaceIndex: number;
  readonly egress: boolean;
}

export interface ChainState {
  /** A number that changes whenever a program is attached, replaced or detached. */
  readonly revision: bigint;
  /** Numbers of the programs, the first to run first. */
  readonly programIds: readonly number[];
}

/** BPF_F_BEFORE, BPF_F_AFTER and BPF_F_ID of include/uapi/linux/bpf.h. */
const BEFORE = 1 << 3;
const AFTER = 1 << 4;
const BY_ID = 1 << 5;

const attachTypeOf = ({ egress }: Chain) => (egress ? AttachType.TCX_EGRESS : AttachType.TCX_INGRESS);

/** Needs CAP_NET_ADMIN. */
export function queryChain(chain: Chain): ChainState {
  return addon().queryChain(chain.interfaceIndex, attachTypeOf(chain));
}

/** Attaches in front of all programs of the chain. @throws EINVAL before Linux 6.6 */
export function attachFirst(program: BpfProgram, chain: Chain): BpfLink {
  const { interfaceIndex } = chain;
  return new BpfLink(addon().attachToChain(program.descriptor, interfaceIndex, attachTypeOf(chain), BEFORE, 0, 0n));
}

/** Attaches right behind a program. @throws ESTALE when the chain has another revision than this one */
export function attachBehind(program: BpfProgram, chain: Chain, programId: number, revision: bigint): BpfLink {
  const { interfaceIndex } = chain;
  const flags = AFTER | BY_ID;
  return new BpfLink(
    addon().attachToChain(program.descriptor, interfaceIndex, attachTypeOf(chain), flags, programId, revision),
  );
}

/**
 * Moves a program from one link to another of the same chain. Between the two steps, some microseconds, it is in neither:
 * the kernel refuses a program that is twice in a chain.
 *
 * @param placeholder what the first link has then; it may not be in the chain before
 */
export function moveProgram(program: BpfProgram, from: BpfLink, placeholder: BpfProgram, to: BpfLink): void {
  from.update(placeholder);
  try {
    to.update(program);
  } catch (error) {
    from.update(program);
    throw error;
  }
}

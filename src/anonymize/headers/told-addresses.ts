/**
 * Numbers of TCP and IPv4 headers that some programs make of an address, so that they would tell it: Mirai takes the destination
 * for the sequence number of its SYNs, and masscan makes the identification of the destination, its port and the sequence number.
 * They become what the program would have made of the mapped address.
 */
import { type Carried, PROTOCOL } from "./ip-protocols.ts";
import type { Rewriting } from "./rewriting.ts";

const SEQUENCE = 4;
const ACKNOWLEDGEMENT = 8;
const NUMBERS_END = 12;
const FLAGS = 13;
const SYN = 0x02;
const ANSWERING = 0x17;
const DESTINATION_PORT = 2;

/** Replaces sequence and acknowledgement numbers that are one of the addresses, or the next number, which answers it. */
export function rewriteNumbers(rewriting: Rewriting, { at, end, told }: Carried): void {
  if (told === undefined) return;
  for (const field of [at + SEQUENCE, at + ACKNOWLEDGEMENT]) {
    if (field + 4 > end) return;
    const number = rewriting.view.getUint32(field);
    for (const { before, after } of [told.destination, told.source]) {
      const more = (number - before) >>> 0;
      if (more > 1) continue;
      rewriting.view.setUint32(field, (after + more) >>> 0);
      break;
    }
  }
}

/** Returns the words of the numbers that rewriteNumbers() may change, summed. */
export function sumOfNumbers(rewriting: Rewriting, { at, end }: Carried): number {
  return rewriting.sum(at + SEQUENCE, Math.min(at + NUMBERS_END, end));
}

/** Whether the identification of a SYN is the one that masscan makes of its destination. To be asked before anything is replaced. */
export function tellsDestination(rewriting: Rewriting, carried: Carried, id: number, destination: number): boolean {
  const { protocol, at, end, isFragment } = carried;
  if (protocol !== PROTOCOL.tcp || isFragment || at + ACKNOWLEDGEMENT > end) return false;
  const isSyn = at + FLAGS >= end || (rewriting.uint8(at + FLAGS) & ANSWERING) === SYN;
  return isSyn && id === identificationOf(rewriting, at, destination);
}

/** The identification that masscan makes. @param at where TCP begins */
export function identificationOf(rewriting: Rewriting, at: number, destination: number): number {
  return (destination ^ rewriting.uint16(at + DESTINATION_PORT) ^ rewriting.view.getUint32(at + SEQUENCE)) & 0xffff;
}

/**
 * Compiles long lists in expressions, such as "host 10.0.0.1 or host 10.0.0.2 or ...". The time of libpcap's optimiser
 * grows with the third power of their length. A list is therefore compiled in parts, and each part is asked when the
 * part before it did not match.
 */
import type { RawInstruction } from "./classic/instruction.ts";
import { RET_K } from "./classic/opcodes.ts";

/** Terms of a list. Shorter lists are left to libpcap as they are, which takes a second at most. */
const LONG = 150;
const TERMS_OF_A_PART = 50;

/** Words that say what the number or address behind them is. */
const QUALIFIERS = "ip|ip6|arp|rarp|ether|tcp|udp|sctp|src|dst|host|net|port|portrange";
/** A number, a range of ports, an address, or a network: names could be anything. */
const VALUE = String.raw`\d[\d.-]*(?:/\d+)?|[\da-f]*:[\da-f:.]*(?:/\d+)?`;
const TERM = new RegExp(String.raw`^(?<qualifiers>(?:(?:${QUALIFIERS})\s+)*)(?<value>${VALUE})$`, "i");

/** "tcp and (port 80 or 443 or ...)": what stands before the list is asked with each part of it. */
const WITH_CONDITION = /^(?<condition>.*\band\s*)\((?<list>[^()]*)\)$/is;

/**
 * @returns expressions of which one matches where the text does; undefined if the text is not a long list of numbers and
 *   addresses, alone or in parentheses at the end of a conjunction
 */
export function partsOfLongList(text: string): string[] | undefined {
  const whole = text.trim();
  const { condition = "", list = whole } = WITH_CONDITION.exec(whole)?.groups ?? {};
  const terms = list.trim().split(/\s+or\s+|\s*\|\|\s*/);
  if (terms.length < LONG) return undefined;
  const explicit: string[] = [];
  let qualifiers = "";
  for (const term of terms) {
    const groups = TERM.exec(term)?.groups;
    if (groups === undefined) return undefined;
    // An item without a word takes the word of the item before it: port 80 or 443.
    if (groups.qualifiers !== "") qualifiers = groups.qualifiers ?? "";
    explicit.push(`${qualifiers}${groups.value}`);
  }
  const parts: string[] = [];
  for (let start = 0; start < explicit.length; start += TERMS_OF_A_PART) {
    const part = explicit.slice(start, start + TERMS_OF_A_PART).join(" or ");
    parts.push(condition === "" ? part : `${condition}(${part})`);
  }
  return parts;
}

/** Joins programs. Each but the last goes on to the next one instead of saying that the packet does not match. */
export function chainPrograms(programs: readonly (readonly RawInstruction[])[]): RawInstruction[] {
  const chained: RawInstruction[] = [];
  for (const [position, program] of programs.entries()) {
    const isLast = position === programs.length - 1;
    for (const [index, instruction] of program.entries()) {
      const isNoMatch = instruction.code === RET_K && instruction.k === 0;
      const onward = { code: JUMP, jt: 0, jf: 0, k: program.length - index - 1 };
      chained.push(isNoMatch && !isLast ? onward : instruction);
    }
  }
  return chained;
}

/** BPF_JMP | BPF_JA. */
const JUMP = 0x05;

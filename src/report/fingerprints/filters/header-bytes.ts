/** Conditions on bytes of the TCP header, in both languages. */
import type { ByteCondition } from "../option-layout.ts";
import { type Condition, colonSeparated, hexadecimal, loaded, loadSizes } from "./condition.ts";

/** Where pcap-filter finds the TCP header: "tcp" and 0, or "ip6" and the offset from the IPv6 header. */
export interface TcpPlace {
  readonly header: "tcp" | "ip6";
  readonly offset: number;
}

/** Bytes that follow one another are compared together. */
export function headerBytes(conditions: readonly ByteCondition[], place: TcpPlace): Condition[] {
  const joined: ByteCondition[] = [];
  for (const condition of conditions) {
    const last = joined.at(-1);
    const follows =
      last !== undefined &&
      "equal" in last &&
      "equal" in condition &&
      last.offset + last.equal.length === condition.offset;
    if (follows) joined.splice(-1, 1, { offset: last.offset, equal: [...last.equal, ...condition.equal] });
    else joined.push(condition);
  }
  return joined.map((condition) => headerCondition(condition, place));
}

export function headerCondition(condition: ByteCondition, place: TcpPlace): Condition {
  const { offset } = condition;
  if ("equal" in condition) {
    const { equal } = condition;
    const loads = loadsOf(offset, equal.length, place).map(({ load, from, size }) => {
      const part = equal.slice(from, from + size);
      return `${load} = ${part.every((byte) => byte === 0) ? "0" : hexadecimal(part)}`;
    });
    return {
      expression: loads.join(" and "),
      display: `tcp[${offset}:${equal.length}] == ${colonSeparated(equal)}`,
    };
  }
  const { notZero } = condition;
  const loads = loadsOf(offset, notZero, place).map(({ load }) => `${load} != 0`);
  return {
    expression: loads.length === 1 ? loads.join("") : `(${loads.join(" or ")})`,
    display: `tcp[${offset}:${notZero}] != ${colonSeparated(new Array<number>(notZero).fill(0))}`,
  };
}

function loadsOf(offset: number, length: number, place: TcpPlace) {
  let from = 0;
  return loadSizes(length).map((size) => {
    const part = { load: loaded(place.header, place.offset + offset + from, size), from, size };
    from += size;
    return part;
  });
}

/** Machines as their SYNs tell of them: the options of common systems, and how far away they are. */
import type { Dice } from "./dice.ts";

export interface Host {
  readonly address: number;
  readonly ttl: number;
  readonly window: number;
  readonly options: readonly number[];
}

/** Options of RFC 9293, RFC 7323 and RFC 2018 in the order in which systems write them. */
const SYSTEMS: readonly Omit<Host, "address">[] = [
  // Linux
  { ttl: 64, window: 64_240, options: [2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7] },
  { ttl: 64, window: 65_535, options: [2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 9] },
  // Windows
  { ttl: 128, window: 64_240, options: [2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2] },
  { ttl: 128, window: 65_535, options: [2, 4, 5, 160, 1, 3, 3, 8, 1, 1, 4, 2] },
  // macOS and iOS
  { ttl: 64, window: 65_535, options: [2, 4, 5, 180, 1, 3, 3, 6, 1, 1, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 4, 2, 0, 0] },
  { ttl: 64, window: 65_535, options: [2, 4, 5, 100, 1, 3, 3, 5, 1, 1, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 4, 2, 0, 0] },
];

/** @param address default: one of the internet */
export function host(dice: Dice, address = dice.address()): Host {
  const system = dice.pick(SYSTEMS);
  return { ...system, address, ttl: system.ttl - dice.whole(3, 22) };
}

export function hosts(dice: Dice, count: number): Host[] {
  return Array.from({ length: count }, () => host(dice));
}

/** Of `hosts`, the first ones far more often: what a few use most (Zipf's law, roughly). */
export function often<T>(dice: Dice, values: readonly T[]): T {
  const index = Math.floor(values.length ** dice.next()) - 1;
  const value = values[index] ?? values[0];
  if (value === undefined) throw new Error("no hosts");
  return value;
}

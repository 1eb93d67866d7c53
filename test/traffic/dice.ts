/** Chance for traffic that is made up: everything follows from a seed. */
import { random } from "../support/random.ts";

export class Dice {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = random(seed);
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** From `least` to `most`, with the same chance for each order of magnitude. */
  scale(least: number, most: number): number {
    return least * (most / least) ** this.next();
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  /** With the given mean, as the time between independent events. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** An address of the internet as 32 bits, none of the private, reserved and multicast ones. */
  address(): number {
    for (;;) {
      const first = this.whole(1, 223);
      if (![10, 100, 127, 169, 172, 192, 198, 203].includes(first)) return ((first << 24) | this.bits(24)) >>> 0;
    }
  }

  /** Any 32 bits, as spoofed sources are. */
  bits(count = 32): number {
    return Math.floor(this.next() * 2 ** count);
  }

  port(): number {
    return this.whole(1024, 65_535);
  }

  addresses(count: number): number[] {
    return Array.from({ length: count }, () => this.address());
  }
}

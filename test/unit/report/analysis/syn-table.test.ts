import { describe, expect, it } from "vitest";
import type { Attempt } from "../../../../src/report/analysis/attempt.ts";
import { mix } from "../../../../src/report/analysis/mix.ts";
import { SynTable } from "../../../../src/report/analysis/syn-table.ts";

const attemptOf = (number: number) => ({ hash: mix(number) | 0, check: mix(number ^ 0x5555_0000) | 0 }) as Attempt;

describe("SynTable", () => {
  it("keeps all attempts where they are few", () => {
    const table = new SynTable();
    for (let number = 0; number < 100_000; number++) {
      table.syn(attemptOf(number), 0, number % 2);
      if (number % 4 === 0) table.synAck(attemptOf(number), 5);
      if (number % 8 === 0) table.ack(attemptOf(number), 6);
    }
    expect(table.sampledOneIn).toBe(1);
    const all = { attempts: 100_000, syns: 100_000, answered: 25_000, finished: 12_500, repeated: 0 };
    expect(table.counts()).toEqual({ ...all, legitimateSyns: 12_500 });
    expect(table.counts(1)).toMatchObject({ attempts: 50_000, answered: 0 });
  });

  it("samples attempts with all of their packets where they are many", () => {
    const table = new SynTable();
    const count = 2_000_000;
    // The first attempts of all are the legitimate ones, and their end comes last.
    for (let number = 0; number < count; number++) table.syn(attemptOf(number), 0, 7);
    for (let number = 0; number < count / 10; number++) table.synAck(attemptOf(number), 5);
    for (let number = 0; number < count / 10; number++) table.ack(attemptOf(number), 6);
    const { attempts, syns, legitimateSyns } = table.counts(7);
    expect(attempts).toBeLessThanOrEqual(1 << 17);
    expect(attempts).toBeGreaterThan(1 << 15);
    expect(syns).toBe(attempts);
    const error = Math.sqrt((0.1 * 0.9) / attempts);
    expect(Math.abs(legitimateSyns / syns - 0.1)).toBeLessThan(4 * error);
    expect(Math.abs(attempts * table.sampledOneIn - count)).toBeLessThan((4 * count) / Math.sqrt(attempts));
  });

  it("ends with the attempts that it has where forged hashes take all places", () => {
    const table = new SynTable();
    for (let number = 1; number <= 200_000; number++) {
      table.syn({ hash: number, check: 0 } as Attempt, 0, 1);
    }
    expect(table.counts().attempts).toBeLessThanOrEqual(1 << 18);
  });

  it("leaves out attempts whose forged hashes all say the same place, which would make each packet slow", () => {
    const table = new SynTable();
    const forged = (number: number) => ({ hash: number << 18, check: number }) as Attempt;
    for (let number = 0; number < 10_000; number++) table.syn(forged(number), 0, 1);
    expect(table.counts().attempts).toBe(512);
    table.syn(forged(511), 1000, 1);
    expect(table.counts()).toMatchObject({ attempts: 512, repeated: 1 });
  });
});

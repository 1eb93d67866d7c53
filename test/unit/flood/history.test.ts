import { expect, test } from "vitest";
import { History } from "../../../src/flood/history.ts";
import { blockLength, rowOf, timesOf } from "./rows.ts";

/** The time since the epoch when the clock that never steps is at 0. */
const EPOCH = 1_700_000_000_000_000_000n;

function at(seconds: number): bigint {
  return EPOCH + BigInt(Math.round(seconds * 1e9));
}

/** Puts packets of these times into the history, which come at the last of them. */
function push(history: History, seconds: readonly number[], length?: number): void {
  const last = seconds.at(-1) ?? 0;
  history.push(rowOf(seconds.map(at), length), last, at(last));
}

function takeAll(history: History): bigint[] {
  const times: bigint[] = [];
  for (let row = history.first(); row !== undefined; row = history.first()) {
    times.push(...timesOf(row.bytes));
    history.takeFirst();
  }
  return times;
}

test("a history begins to the packet where it is asked to, within a batch too", () => {
  const history = new History(1 << 20, 2);
  push(history, [0.1, 0.2, 0.3]);
  push(history, [1.1, 1.3, 1.5, 1.7]);
  push(history, [2.9, 3.1]);
  history.trim(3.4);
  expect(history.packets).toBe(4);
  expect(takeAll(history)).toEqual([1.5, 1.7, 2.9, 3.1].map(at));
  expect(history).toMatchObject({ bytes: 0, packets: 0, forgotten: 5, overflowed: 0 });
});

test("a step of the clock moves no packet out of a history", () => {
  const history = new History(1 << 20, 2);
  push(history, [1]);
  // An hour back, half a second later.
  const step = 3_600_000_000_000n;
  history.push(rowOf([at(1.4) - step]), 1.5, at(1.5) - step);
  history.trim(2.5);
  expect(takeAll(history)).toEqual([at(1), at(1.4) - step]);
});

test("a history that is too small keeps the newest packets, and counts the others as such", () => {
  const room = 10 * blockLength(60);
  const history = new History(room, 60);
  let pushed = 0;
  // Rows of other lengths each time wrap around the end of the memory at other places.
  for (let row = 0; row < 200; row++) {
    const count = 1 + (row % 4);
    push(
      history,
      Array.from({ length: count }, () => ++pushed / 1000),
    );
    expect(history.bytes).toBeLessThanOrEqual(room);
    expect(history.packets + history.forgotten).toBe(pushed);
  }
  expect(history.packets).toBeGreaterThanOrEqual(6);
  const newest = Array.from({ length: history.packets }, (_, index) =>
    at((pushed - history.packets + 1 + index) / 1000),
  );
  expect(history.overflowed).toBe(history.forgotten);
  expect(takeAll(history)).toEqual(newest);
});

test("packets that are put behind those that wait come out behind them, at any fill", () => {
  const history = new History(16 * blockLength(60), 1);
  const [into, out]: [bigint[], bigint[]] = [[], []];
  for (let row = 0; row < 500; row++) {
    const times = Array.from({ length: 1 + ((row * 7) % 5) }, (_, index) => at(row + index / 10));
    const next = rowOf(times);
    while (!history.fits(next.bytes.length)) {
      out.push(...timesOf(history.first()?.bytes ?? new Uint8Array(0)));
      history.takeFirst();
    }
    history.append(next, row, at(row));
    into.push(...times);
  }
  out.push(...takeAll(history));
  expect(out).toEqual(into);
  expect(history).toMatchObject({ forgotten: 0, bytes: 0 });
});

test("many small rows take few places in the list", () => {
  const history = new History(1 << 20, 10);
  for (let packet = 0; packet < 1000; packet++) push(history, [packet / 1000]);
  let rows = 0;
  while (history.first() !== undefined) {
    rows++;
    history.takeFirst();
  }
  expect(rows).toBeLessThanOrEqual(21);
});

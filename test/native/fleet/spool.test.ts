import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EventLine, eventLine } from "../../../src/fleet/publish/event-line.ts";
import { Spool } from "../../../src/fleet/publish/spool.ts";
import { random as randomOf } from "../../support/random.ts";
import { BODIES, sampleEvent } from "../../support/sample-events.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const SIZE = 1 << 20;
const newPath = () => join(temporaryDirectory(), "spool");

function open(path: string, size = SIZE): Spool {
  const spool = Spool.open(path, size);
  if (spool === undefined) throw new Error("the spool is locked");
  return spool;
}

/** An event of a kind; without one they take turns. */
function line(sequence: number, kind?: EventLine["event"]): EventLine {
  const bodies = BODIES.filter(({ event }) => kind === undefined || event === kind);
  const body = bodies[sequence % bodies.length];
  if (body === undefined) throw new Error(`no event is called ${kind}`);
  return eventLine(sampleEvent(body, sequence));
}

const lines = (from: number, to: number, kind?: EventLine["event"]) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index, kind));

/** Takes out all events. @returns their numbers */
function drain(spool: Spool): number[] {
  const numbers: number[] = [];
  for (let first = spool.first; first !== undefined; first = spool.first) {
    numbers.push(first.sequence);
    expect(spool.remove(first)).toBe(true);
  }
  return numbers;
}

const numbersOf = (given: readonly EventLine[]) => given.map(({ sequence }) => sequence);
const bytesIn = (path: string) => readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);

describe("a spool", () => {
  test("gives events back in their order, also after it was closed, and leaves nothing behind when it is empty", () => {
    const path = newPath();
    const first = open(path);
    first.append(lines(1, 1000));
    for (const sent of lines(1, 300)) {
      expect(first.first?.text).toBe(sent.text);
      if (first.first !== undefined) first.remove(first.first);
    }
    first.close();
    const second = open(path);
    expect(second.lastOf(line(1).watch)).toBe(1000);
    second.append(lines(900, 1010));
    expect(second.events).toBe(710);
    expect(drain(second)).toEqual(numbersOf(lines(301, 1010)));
    expect([second.events, second.unsent, second.dropped]).toEqual([0, 0, 0]);
    second.close();
    expect(existsSync(path)).toBe(false);
  });

  test("keeps what it was told to whenever the process ends, and tolerates what is written in part", () => {
    const random = randomOf(17);
    const directory = temporaryDirectory();
    for (let round = 0; round < 20; round++) {
      const path = join(directory, `${round}`);
      const spool = open(path);
      let [appended, removed] = [0, 0];
      for (let step = 0; step < 40; step++) {
        const count = Math.floor(random() * 60);
        spool.append(lines(appended + 1, appended + count));
        appended += count;
        for (let take = Math.floor(random() * 55); take > 0 && spool.first !== undefined; take--) {
          spool.remove(spool.first);
          removed++;
        }
      }
      // What a process that is killed leaves: no file is closed, and a line may have come to the disk in part.
      const copy = `${path}-copy`;
      cpSync(path, copy, { recursive: true });
      const last = readdirSync(copy)
        .filter((name) => name.endsWith(".jsonl"))
        .toSorted()
        .at(-1);
      const torn = line(appended + 1).text.slice(0, Math.floor(random() * 200));
      if (last !== undefined) appendFileSync(join(copy, last), torn);
      writeFileSync(join(copy, "0000009999.1.jsonl.partial"), torn);
      const again = open(copy);
      again.append(lines(appended + 1, appended + 3));
      expect(drain(again)).toEqual(numbersOf(lines(removed + 1, appended + 3)));
      expect(again.dropped).toBe(0);
      again.close();
      spool.close();
    }
  });

  test("offers some events once more where the mark of what was sent is lost, and no event is left out", () => {
    const path = newPath();
    const spool = open(path);
    spool.append(lines(1, 10));
    if (spool.first !== undefined) spool.remove(spool.first);
    spool.close();
    truncateSync(join(path, "sent"), 5);
    const again = open(path);
    expect(drain(again)).toEqual(numbersOf(lines(1, 10)));
    again.close();
  });

  test("drops the oldest counts and health for want of room, and counts them", () => {
    const path = newPath();
    const spool = open(path);
    spool.append(lines(1, 20, "began"));
    const first = spool.first;
    spool.append(lines(21, 6000, "changed"));
    spool.append(lines(6001, 6020, "ended"));
    expect(spool.bytes).toBeLessThanOrEqual(SIZE);
    expect(bytesIn(path)).toBeLessThanOrEqual(SIZE + 100);
    expect(spool.first).toBe(first);
    const left = drain(spool);
    expect(spool.dropped).toBe(6020 - left.length);
    expect(spool.dropped).toBeGreaterThan(3000);
    expect(left.slice(0, 20)).toEqual(numbersOf(lines(1, 20)));
    const rest = left.slice(20);
    expect(rest).toEqual(numbersOf(lines(6021 - rest.length, 6020)));
    spool.close();
  });

  test("drops the beginning and the end of incidents only where nothing else is left, and then not for counts", () => {
    const spool = open(newPath());
    spool.append(lines(1, 4000, "began"));
    const { events, dropped } = spool;
    expect(events + dropped).toBe(4000);
    expect(spool.first?.sequence).toBe(dropped + 1);
    spool.append(lines(4001, 4001, "began"));
    const before = spool.events;
    spool.append(lines(4002, 4100, "health"));
    expect(spool.dropped).toBeGreaterThan(dropped);
    expect(drain(spool).filter((number) => number <= 4001)).toHaveLength(before);
    spool.close();
  });

  test("belongs to one process at a time", () => {
    const path = newPath();
    const spool = open(path);
    spool.append(lines(1, 1));
    expect(Spool.open(path, SIZE)).toBeUndefined();
    spool.close();
    const again = open(path);
    expect(drain(again)).toEqual([1]);
    again.close();
  });

  test("is refused where something else is in its place", () => {
    const directory = temporaryDirectory();
    const [file, link] = [join(directory, "file"), join(directory, "link")];
    writeFileSync(file, "");
    mkdirSync(join(directory, "other"));
    symlinkSync("other", link);
    expect(() => Spool.open(file, SIZE)).toThrow("is no directory");
    expect(() => Spool.open(link, SIZE)).toThrow("is no directory");
    expect(() => Spool.open(join(directory, "none", "spool"), SIZE)).toThrow("ENOENT");
  });
});

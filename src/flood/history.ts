/**
 * The packets of the last seconds, in memory that is allocated once. Rows are copied into it one behind the other. The
 * oldest ones are forgotten when their time is over, or when there is no room for a new one.
 */
import { firstTime, type PacketRow, rowFrom } from "./packet-row.ts";

/** Rows that came one soon after the other, and lie one behind the other. */
interface Stretch {
  readonly start: number;
  length: number;
  packets: number;
  /** The arrival of its first and of its last row: seconds of a clock that never steps. */
  readonly began: number;
  arrived: number;
  /** Nanoseconds from that clock to the time since the epoch, when the last row arrived. */
  offset: bigint;
}

/** A row that is added to a stretch comes at most so many seconds after its first row. */
const STRETCH_SECONDS = 0.05;
/** Bytes above which a stretch takes no further row. */
const STRETCH_BYTES = 1 << 18;
const NANOSECONDS = 1e9;

export class History {
  readonly size: number;
  readonly before: number;
  readonly #memory: Uint8Array;
  readonly #stretches: Stretch[] = [];
  bytes = 0;
  packets = 0;
  /** Packets that were forgotten since the start, and those of them that were not older than `before`. */
  forgotten = 0;
  overflowed = 0;

  /** @param size bytes @param before seconds */
  constructor(size: number, before: number) {
    this.size = size;
    this.before = before;
    this.#memory = new Uint8Array(size);
  }

  /** Seconds from the arrival of the oldest packets until now. */
  reach(now: number): number {
    const [first] = this.#stretches;
    return first === undefined ? 0 : now - first.began;
  }

  /** Seconds since the first packet came, which may have lain in a ring for a while before it arrived; `before` at most. */
  age(now: number, time: bigint): number {
    const row = this.first();
    const since = row === undefined ? 0 : Number(time - firstTime(row.bytes)) / NANOSECONDS;
    return Math.max(0, this.reach(now), Math.min(since, this.before));
  }

  /** Whether a row has room without another one being forgotten. */
  fits(length: number): boolean {
    return this.#placeFor(length) !== undefined;
  }

  /**
   * Copies a row.
   *
   * @param now seconds of the clock that never steps
   * @param time nanoseconds since the epoch at the same moment
   */
  push(row: PacketRow, now: number, time: bigint): void {
    this.expire(now);
    this.append(row, now, time);
  }

  /** Does what push() does, and forgets nothing for its age. */
  append({ bytes, packets }: PacketRow, now: number, time: bigint): void {
    if (bytes.length > this.size) {
      this.forgotten += packets;
      this.overflowed += packets;
      return;
    }
    let start = this.#placeFor(bytes.length);
    while (start === undefined) {
      this.overflowed += this.#forgetFirst();
      start = this.#placeFor(bytes.length);
    }
    this.#memory.set(bytes, start);
    this.bytes += bytes.length;
    this.packets += packets;
    const offset = time - BigInt(Math.round(now * NANOSECONDS));
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.start + last.length === start && mayGrow(last, bytes.length, now)) {
      last.length += bytes.length;
      last.packets += packets;
      last.arrived = now;
      last.offset = offset;
    } else {
      this.#stretches.push({ start, length: bytes.length, packets, began: now, arrived: now, offset });
    }
  }

  /** Where a row of that length has room; undefined where it has none. */
  #placeFor(length: number): number | undefined {
    const [first, last] = [this.#stretches[0], this.#stretches.at(-1)];
    if (first === undefined || last === undefined) return length <= this.size ? 0 : undefined;
    const end = last.start + last.length;
    if (last.start < first.start) return end + length <= first.start ? end : undefined;
    if (end + length <= this.size) return end;
    return length <= first.start ? 0 : undefined;
  }

  /** Forgets what is older than `before`. */
  expire(now: number): void {
    for (let [first] = this.#stretches; first !== undefined; [first] = this.#stretches) {
      if (first.arrived >= now - this.before) return;
      this.#forgetFirst();
    }
  }

  /** Forgets the packets at the beginning that are older than `before`, to the packet. */
  trim(now: number): void {
    this.expire(now);
    const [first] = this.#stretches;
    if (first === undefined) return;
    const time = first.offset + BigInt(Math.round((now - this.before) * NANOSECONDS));
    const rest = rowFrom(this.#rowOf(first), time);
    this.#stretches.shift();
    this.forgotten += first.packets - rest.packets;
    this.packets -= first.packets - rest.packets;
    this.bytes -= first.length - rest.bytes.length;
    if (rest.packets === 0) return;
    const start = first.start + first.length - rest.bytes.length;
    this.#stretches.unshift({ ...first, start, length: rest.bytes.length, packets: rest.packets });
  }

  /** The oldest rows, as a view that is valid until the next call of another method; undefined where there is none. */
  first(): PacketRow | undefined {
    const [first] = this.#stretches;
    return first === undefined ? undefined : this.#rowOf(first);
  }

  /** Takes the rows of first() out. */
  takeFirst(): void {
    const first = this.#stretches.shift();
    this.bytes -= first?.length ?? 0;
    this.packets -= first?.packets ?? 0;
  }

  /** Forgets everything. */
  clear(): void {
    while (this.#stretches.length > 0) this.#forgetFirst();
  }

  #rowOf({ start, length, packets }: Stretch): PacketRow {
    return { bytes: this.#memory.subarray(start, start + length), packets };
  }

  #forgetFirst(): number {
    const packets = this.#stretches[0]?.packets ?? 0;
    this.takeFirst();
    this.forgotten += packets;
    return packets;
  }
}

function mayGrow({ length, began }: Stretch, more: number, now: number): boolean {
  return length + more <= STRETCH_BYTES && now - began <= STRETCH_SECONDS;
}

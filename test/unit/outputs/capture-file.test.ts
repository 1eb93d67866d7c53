import { expect, test } from "vitest";
import { RingcapError } from "../../../src/errors.ts";
import { CaptureFile } from "../../../src/outputs/capture-file.ts";
import type { FileBody } from "../../../src/outputs/file-body.ts";
import type { FileEncoder } from "../../../src/outputs/file-format.ts";
import type { CountersSoFar } from "../../../src/outputs/opened-sink.ts";
import { batchOf, COUNTERS } from "./batches.ts";

/** A format of one byte a packet, whose trailer says what it was told. */
const encoder: FileEncoder = {
  header: () => Buffer.from("<"),
  encode: ({ count }) => Buffer.from("p".repeat(count)),
  trailer: (counters, written) => Buffer.from(`${counters?.delivered ?? "?"}/${written}>`),
  wholeRecords: (_, limit) => ({ records: limit, bytes: limit }),
};

/** A body that notes what it is asked, and may take its time to answer. */
class LoggedBody implements FileBody {
  readonly log: string[] = [];
  readonly #slow: boolean;
  refusal: FileBody["refusal"];
  packets = 0;
  bytes = 1;

  constructor({ slow = false } = {}) {
    this.#slow = slow;
  }

  write(records: Uint8Array, packets: number): void | Promise<void> {
    return this.#do(`write ${Buffer.from(records)}`, () => {
      this.packets += packets;
      this.bytes += records.length;
    });
  }

  sync(): void | Promise<void> {
    return this.#do("sync");
  }

  async settle(): Promise<void> {
    this.log.push("settle");
  }

  release(): void {
    this.log.push("release");
  }

  close(): void | Promise<void> {
    return this.#do("close");
  }

  #do(what: string, done = () => {}): void | Promise<void> {
    const finish = () => {
      this.log.push(what);
      done();
    };
    return this.#slow ? Promise.resolve().then(finish) : finish();
  }
}

const fileOf = (body: FileBody, counters: CountersSoFar = () => COUNTERS) => new CaptureFile(body, encoder, counters);

test.each([false, true])(
  "packets are followed by what the file ends with, and it is closed (slow body: %s)",
  async (slow) => {
    const body = new LoggedBody({ slow });
    const file = fileOf(body);
    await file.write(batchOf(1, 1));
    await file.write(batchOf(1));
    await file.close();
    expect(body.log).toEqual(["write pp", "write p", "write 5/3>", "close"]);
    expect([file.packetsWritten, file.bytesWritten]).toEqual([3, 1 + 3 + 4]);
  },
);

test.each([false, true])("a flush puts the next batch on the disk, once (slow body: %s)", async (slow) => {
  const body = new LoggedBody({ slow });
  const file = fileOf(body);
  file.flush();
  expect(body.log).toEqual([]);
  await file.write(batchOf(1));
  await file.write(batchOf(1));
  expect(body.log).toEqual(["write p", "sync", "write p"]);
});

test("counters that the kernel does not tell are no reason to lose the end of a file", async () => {
  const body = new LoggedBody();
  await fileOf(body, () => undefined).close();
  expect(body.log).toEqual(["write ?/0>", "close"]);
});

test("after a write that failed nothing more is written, and the body is closed", async () => {
  const body = new LoggedBody();
  body.refusal = new RingcapError("write a: ENOSPC", { code: "OUTPUT", operation: "write a" });
  await fileOf(body).close();
  expect(body.log).toEqual(["close"]);
});

test("a trailer that fails is told, and the body is closed all the same", async () => {
  const error = new Error("no room");
  for (const write of [
    () => {
      throw error;
    },
    () => Promise.reject(error),
  ]) {
    const body = Object.assign(new LoggedBody(), { write });
    await expect(Promise.resolve().then(() => fileOf(body).close())).rejects.toBe(error);
    expect(body.log).toEqual(["close"]);
  }
});

test("a file of a series is ended and put on the disk, and closed by itself", async () => {
  const body = new LoggedBody();
  const file = fileOf(body);
  await file.finish();
  expect(body.log).toEqual(["write 5/0>", "settle"]);
  file.release();
  expect(body.log.at(-1)).toBe("release");
});

/** What the process of `ringcap fleet ship` does: see protocol.ts. */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as after } from "node:timers/promises";
import { natsLibrary } from "../nats/library.ts";
import { type EventLine, parseEventLine } from "./event-line.ts";
import type { ShipReport, ShipSettings } from "./protocol.ts";
import { Shipper } from "./shipper.ts";

/** Milliseconds that what is left may take to send at the end. */
export const LAST_MILLISECONDS = 2000;

/** Sends what comes until it ends. @returns false where nothing came at all @throws RingcapError INSTALLATION */
export async function ship(input: Readable, output: Writable): Promise<boolean> {
  // A watch that has gone reads nothing, and events go on to the server all the same.
  output.on("error", () => {});
  const report = (said: ShipReport) => void output.write(`${JSON.stringify(said)}\n`);
  const library = natsLibrary("publish events");
  let shipper: Shipper | undefined;
  let sending = Promise.resolve();
  let batch: EventLine[] = [];
  const take = () => {
    const lines = batch;
    batch = [];
    if (lines.length > 0) shipper?.take(lines);
  };
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (shipper === undefined) {
      shipper = new Shipper(JSON.parse(text) as ShipSettings, library, report);
      sending = shipper.run();
      continue;
    }
    const line = parseEventLine(text);
    if (line === undefined) continue;
    // Lines that came at once are put on the disk at once.
    if (batch.length === 0) setImmediate(take);
    batch.push(line);
  }
  if (shipper === undefined) return false;
  take();
  shipper.end();
  await Promise.race([sending, after(LAST_MILLISECONDS)]);
  shipper.close();
  return true;
}

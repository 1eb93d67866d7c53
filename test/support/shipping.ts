/** A spool and its sender in the process of the test. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { NatsAccess } from "../../src/fleet/nats/access-types.ts";
import { natsLibrary } from "../../src/fleet/nats/library.ts";
import { type EventLine, eventLine } from "../../src/fleet/publish/event-line.ts";
import type { ShipReport } from "../../src/fleet/publish/protocol.ts";
import { Shipper } from "../../src/fleet/publish/shipper.ts";
import { BODIES, sampleEvent, WATCH } from "./sample-events.ts";
import { temporaryDirectory } from "./temporary.ts";

/** Milliseconds that a server may take to answer. */
const ANSWER = 1500;

export interface Shipping {
  readonly shipper: Shipper;
  readonly spool: string;
  /** What was said so far. */
  readonly reports: readonly ShipReport[];
  /** Of these, what was said beside counts, in words. */
  said(): string[];
  published(): number;
  /** Leaves what is not sent in the spool. */
  close(): void;
}

export function startShipping(
  access: NatsAccess,
  { spool = join(temporaryDirectory(), "spool"), subject = "ringcap.{host}.{event}" } = {},
): Shipping {
  const reports: ShipReport[] = [];
  const settings = { access, subject, spool, size: 1 << 20, watch: WATCH };
  const shipper = new Shipper(settings, natsLibrary("publish"), (report) => reports.push(report), ANSWER);
  const running = shipper.run();
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    shipper.end();
    shipper.close();
  };
  onTestFinished(async () => {
    close();
    await running;
  });
  return {
    shipper,
    spool,
    reports,
    said: () =>
      reports.flatMap((report) => {
        if (report.say === "counts") return [];
        return [report.say === "trouble" ? `${report.message}: ${report.hint}` : `${report.about} over`];
      }),
    published: () => reports.findLast((report) => report.say === "counts")?.published ?? 0,
    close,
  };
}

/** Events of all kinds in turn, by their numbers. */
export function sampleLines(from: number, to: number): EventLine[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const sequence = from + index;
    const body = BODIES[sequence % BODIES.length];
    if (body === undefined) throw new Error("there are no samples");
    return eventLine(sampleEvent(body, sequence));
  });
}

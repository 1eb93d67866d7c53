/** The stream of JetStream that keeps the events. One that is there is used as it is. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { subjectOfStream } from "../events/subject.ts";

export const STREAM = "RINGCAP";
const NANOSECONDS_PER_MINUTE = 60_000_000_000;
const DUPLICATE_MINUTES = 10;
const AGE_DAYS = 7;
const MOST_BYTES = 1 << 30;

/**
 * Makes the stream: in files, for seven days or 1 GiB, of which the oldest events go; ids are known again for ten minutes.
 *
 * @param template of the subjects @throws what the library throws, also where another stream has these subjects
 */
export async function makeStream(manager: JetStreamManager, template: string): Promise<void> {
  await manager.streams.add({
    name: STREAM,
    description: "Events of ringcap watch --publish",
    subjects: [subjectOfStream(template)],
    storage: "file",
    retention: "limits",
    discard: "old",
    max_age: AGE_DAYS * 24 * 60 * NANOSECONDS_PER_MINUTE,
    max_bytes: MOST_BYTES,
    duplicate_window: DUPLICATE_MINUTES * NANOSECONDS_PER_MINUTE,
    allow_direct: true,
  });
}

/** Writes the events of a stream to a directory, from where it ended the last time. */
import type { NatsConnection, NatsLibrary } from "../nats/library.ts";
import type { EventFiles } from "./event-files.ts";
import { FollowedEvents, followEvents } from "./follow-events.ts";
import { FollowedStream, type StreamStart } from "./followed-stream.ts";

export interface WriteEventsOptions {
  readonly connection: NatsConnection;
  readonly library: NatsLibrary;
  readonly stream: string;
  /** Milliseconds since the epoch, for a directory in which nothing is yet; undefined: all that the stream has. */
  readonly since: number | undefined;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

/** Messages in front of the place that are read again, so that an event which comes once more behind it is recognised. */
const READ_AGAIN = 10_000;

/** Writes until the signal. @throws RingcapError as FollowedStream.messages() */
export async function writeEvents(
  files: EventFiles,
  { since, ...options }: WriteEventsOptions,
): Promise<FollowedEvents> {
  const events = new FollowedEvents();
  const stream = new FollowedStream({ ...options, start: startOf(files, since) });
  await followEvents(stream, events, async (event, message) => {
    if (!message.isAgain) await files.add(message.position, event);
  });
  return events;
}

function startOf({ position }: EventFiles, since: number | undefined): StreamStart {
  if (position === undefined) return since === undefined ? "first" : { since };
  return { after: position, again: READ_AGAIN };
}

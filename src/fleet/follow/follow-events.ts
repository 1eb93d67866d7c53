/** The events of a stream, each once: what is no event is counted, and what comes again is left out. */
import { type FollowedEvent, readEvent } from "./followed-event.ts";
import type { FollowedMessage, FollowedStream } from "./followed-stream.ts";
import { KnownIds } from "./known-ids.ts";
import { RefusedMessages } from "./refused-messages.ts";

export class FollowedEvents {
  readonly refused = new RefusedMessages();
  readonly #ids = new KnownIds();

  /** @returns the event; undefined of a message that is none, and of an event that came before */
  take({ payload, subject }: Pick<FollowedMessage, "payload" | "subject">): FollowedEvent | undefined {
    const event = readEvent(payload, subject);
    if (typeof event === "string") this.refused.add(event);
    else if (!this.#ids.add(event.host, event.id)) this.refused.repeated++;
    else return event;
    return undefined;
  }
}

/** Calls the function for each message, one after the other. @param onEvent gets no event for a message that is none, or came before */
export async function followEvents(
  stream: FollowedStream,
  events: FollowedEvents,
  onEvent: (event: FollowedEvent | undefined, message: FollowedMessage) => Promise<void> | void,
): Promise<void> {
  for await (const message of stream.messages()) await onEvent(events.take(message), message);
}

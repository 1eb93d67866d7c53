/** Messages of the stream that are no events, counted by the reason. */
import type { Refusal } from "./followed-event.ts";

export class RefusedMessages {
  readonly #counts = new Map<Refusal, number>();
  /** Events that came again. */
  repeated = 0;

  add(reason: Refusal): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** @returns undefined where all messages were events */
  text(): string | undefined {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) return undefined;
    const parts = [...this.#counts].map(([reason, count]) => `${count} ${reason}`);
    return `${total} ${total === 1 ? "message is no event" : "messages are no events"} of this version: ${parts.join(", ")}`;
  }
}

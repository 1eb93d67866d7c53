/** Tells that nobody takes a message or a question: there is no stream for it, no JetStream, or none for this user. */
import type { NatsLibrary } from "./library.ts";

export function isNobodyThere(error: unknown, { transport, jetstream }: NatsLibrary): boolean {
  const { cause } = error instanceof Error ? error : {};
  return [error, cause].some(
    (one) =>
      (one instanceof transport.errors.RequestError && one.isNoResponders()) ||
      (one instanceof jetstream.JetStreamApiError &&
        one.code === jetstream.JetStreamApiCodes.JetStreamNotEnabledForAccount),
  );
}

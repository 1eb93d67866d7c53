/** The client of NATS and JetStream. */
import { optionalLibrary } from "../optional-library.ts";

export type Transport = typeof import("@nats-io/transport-node");
export type NatsConnection = import("@nats-io/transport-node").NatsConnection;

export interface NatsLibrary {
  readonly transport: Transport;
  readonly jetstream: typeof import("@nats-io/jetstream");
}

/** @param operation what it is needed for, such as "publish events" @throws RingcapError INSTALLATION where it is not installed */
export function natsLibrary(operation: string): NatsLibrary {
  const [transport] = optionalLibrary(["@nats-io/transport-node"], operation);
  const [jetstream] = optionalLibrary(["@nats-io/jetstream"], operation);
  return { transport, jetstream } as NatsLibrary;
}

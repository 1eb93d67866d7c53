/** Connects to a server. */
import type { NatsAccess } from "./access-types.ts";
import { authenticatorOf } from "./authentication.ts";
import type { NatsConnection, NatsLibrary, Transport } from "./library.ts";

/** What a connection is made with, beside what the access says. */
export type ConnectionSettings = Parameters<Transport["connect"]>[0];

/** Connects once. @throws what the library throws: see troubleOf() */
export function connectTo(
  access: NatsAccess,
  library: NatsLibrary,
  settings: ConnectionSettings,
): Promise<NatsConnection> {
  const { ca, cert, key } = access.tls ?? {};
  const authenticator = authenticatorOf(access, library);
  return library.transport.connect({
    servers: [...access.servers],
    ...(access.tls === undefined
      ? {}
      : {
          tls: {
            ...(ca === undefined ? {} : { ca }),
            ...(cert === undefined ? {} : { cert }),
            ...(key === undefined ? {} : { key }),
          },
        }),
    ...(authenticator === undefined ? {} : { authenticator }),
    ...settings,
  });
}

/** Connects to a server. */
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { NatsAccess } from "./access-types.ts";
import { authenticatorOf } from "./authentication.ts";
import type { NatsConnection, NatsLibrary, Transport } from "./library.ts";

/** What a connection is made with, beside what the access says. */
export type ConnectionSettings = Parameters<Transport["connect"]>[0];

/** Connects once. @throws what the library throws: see serverTrouble() */
export function connectTo(
  access: NatsAccess,
  library: NatsLibrary,
  settings: ConnectionSettings,
): Promise<NatsConnection> {
  const authenticator = authenticatorOf(access, library);
  return library.transport.connect({
    servers: [...access.servers],
    ...(access.tls === undefined ? {} : { tls: tlsOptions(access.tls, access.servers) }),
    ...(authenticator === undefined ? {} : { authenticator }),
    ...settings,
  });
}

function tlsOptions({ ca, cert, key }: NonNullable<NatsAccess["tls"]>, servers: readonly string[]) {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // The library hands all options on to node:tls.
    checkServerIdentity: (name: string, certificate: PeerCertificate) => checkIdentity(name, certificate, servers),
  };
}

/** Of an address without a name, the library does not tell node:tls which it is, and node:tls then asks for "localhost". */
function checkIdentity(name: string, certificate: PeerCertificate, servers: readonly string[]): Error | undefined {
  const hosts = servers.map((server) => new URL(`nats://${server}`).hostname.replaceAll(/[[\]]/g, ""));
  const unnamed = name === "localhost" ? hosts.filter((host) => isIP(host) !== 0 || host === name) : [];
  const answers = (unnamed.length > 0 ? unnamed : [name]).map((host) => checkServerIdentity(host, certificate));
  return answers.includes(undefined) ? undefined : answers[0];
}

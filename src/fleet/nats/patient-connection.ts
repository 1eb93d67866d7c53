/** A connection that is made again as often as it is lost. What happens to it is said once. */
import { setTimeout as pause } from "node:timers/promises";
import { RingcapError, reasonOf } from "../../errors.ts";
import type { NatsAccess } from "./access-types.ts";
import { connectTo } from "./connect.ts";
import type { NatsConnection, NatsLibrary } from "./library.ts";

export interface PatientConnectionOptions {
  readonly access: NatsAccess;
  readonly library: NatsLibrary;
  /** What the server calls the client. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}

const RETRY_MILLISECONDS = 1000;
/** So long a server that says nothing is waited for before the next one is tried. */
const ANSWER_MILLISECONDS = 5000;

/**
 * Waits for the server. The connection is closed by whoever asked for it.
 *
 * @returns undefined where the signal came first @throws RingcapError PRIVILEGE where the server refuses the client
 */
export async function connectPatiently(options: PatientConnectionOptions): Promise<NatsConnection | undefined> {
  const { access, library, name, signal, warn } = options;
  let isTold = false;
  while (!signal.aborted) {
    try {
      const connecting = connectTo(access, library, {
        name,
        timeout: ANSWER_MILLISECONDS,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RETRY_MILLISECONDS,
      });
      const connection = await unlessAborted(connecting, signal);
      if (connection === undefined) return undefined;
      void tellChanges(connection, options);
      return connection;
    } catch (error) {
      if (isRefusal(error, library)) throw refusedError(access, error);
      if (!isTold) warn(`${access.servers.join(", ")} cannot be reached: ${reasonOf(error)}; trying again`);
      isTold = true;
      await pause(RETRY_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}

/** @returns undefined where the signal came first: a connection that is made later is closed */
async function unlessAborted(connecting: Promise<NatsConnection>, signal: AbortSignal) {
  let onAbort = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
  });
  signal.addEventListener("abort", onAbort);
  try {
    const connection = await Promise.race([connecting, aborted]);
    if (connection === undefined) void connecting.then((late) => late.close()).catch(() => {});
    return connection;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function tellChanges(
  connection: NatsConnection,
  { note, warn, signal }: PatientConnectionOptions,
): Promise<void> {
  let isAway = false;
  for await (const status of connection.status()) {
    if (signal.aborted) return;
    if (status.type === "disconnect" && !isAway) {
      isAway = true;
      warn(`the server ${status.server} is away; trying again`);
    } else if (status.type === "reconnect") {
      isAway = false;
      note(`the server ${status.server} is back`);
    }
  }
}

function isRefusal(error: unknown, { transport }: NatsLibrary): boolean {
  const { AuthorizationError, UserAuthenticationExpiredError } = transport.errors;
  const causes = [error, error instanceof Error ? error.cause : undefined];
  return causes.some((cause) => cause instanceof AuthorizationError || cause instanceof UserAuthenticationExpiredError);
}

function refusedError({ servers }: NatsAccess, cause: unknown): RingcapError {
  const operation = `connect to ${servers.join(", ")}`;
  return new RingcapError(`${operation}: ${reasonOf(cause)}`, {
    code: "PRIVILEGE",
    operation,
    hint: "name the file that the server knows you by: --creds, --nkey-file, --token-file, or --tls-cert with --tls-key",
    cause,
  });
}

/** Says in words what a server answers, and what to do then. */
import { errnoOf, reasonOf } from "../../errors.ts";
import type { NatsAccess } from "../nats/access-types.ts";
import type { NatsLibrary } from "../nats/library.ts";
import { isNobodyThere } from "../nats/no-jetstream.ts";
import { STREAM } from "../nats/stream.ts";
import type { Trouble } from "./protocol.ts";

/** The stream could not be made. `cause` is why. */
export class StreamFailure extends Error {}

/** Another process has the spool. */
export class SpoolTaken extends Error {}

/** Numbers of the errors of JetStream's API (nats-server, server/errors.json). */
const SUBJECT_OVERLAPS = 10065;
const NAME_IN_USE = 10058;

/** OpenSSL's names for certificates that are not accepted, and those of Node.js. */
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|ERR_SSL|HOSTNAME_MISMATCH|INVALID_CA)/;

const HINTS = {
  start: "start nats-server there, or name another server; the watch goes on, and tries again by itself",
  keys: "give the watch what the server knows by --token-file, --nkey-file or --creds, and start it again",
  authority: "give the authority that signed the server's certificate by --tls-ca, and the server by the name in it",
  noTls: "give the server a certificate, or leave out tls:// and --tls-ca",
  rights: "let this user publish these subjects and use $JS.API.>, or take another user's keys",
  jetStream: "start nats-server with -js, or with jetstream in its configuration, and let this account use it",
  room: "make room on the server: `nats stream edit` and `nats stream purge` change the stream, and max_file_store the server",
  ownStream: "make a stream RINGCAP that has the subjects, or let the account have one of 1 GiB",
  subjects: "`nats stream edit RINGCAP --subjects` adds these subjects to it; or take others by --subject",
} as const;

export function serverTrouble(error: unknown, access: NatsAccess, library: NatsLibrary): Trouble {
  const servers = access.servers.join(", ");
  const { message, hint } = wordsOf(error, servers, library);
  return { about: "server", message, hint };
}

function wordsOf(thrown: unknown, servers: string, library: NatsLibrary): { message: string; hint: string } {
  const { errors } = library.transport;
  // What a request meets is the cause of what it throws.
  const error = causesOf(thrown).find((one) => one instanceof errors.PermissionViolationError) ?? thrown;
  const { JetStreamApiError } = library.jetstream;
  const reason = innermostReason(error);
  if (error instanceof StreamFailure) return streamWords(error.cause, servers, library);
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError) {
    return { message: `${servers} does not let this user in: ${reason}`, hint: HINTS.keys };
  }
  if (error instanceof errors.PermissionViolationError) {
    return { message: `${servers} does not let this user ${deniedOf(error)}`, hint: HINTS.rights };
  }
  if (isNobodyThere(error, library))
    return { message: `${servers} has no JetStream for this user`, hint: HINTS.jetStream };
  if (error instanceof JetStreamApiError)
    return { message: `${servers} does not take the event: ${reason}`, hint: HINTS.room };
  if (CERTIFICATE.test(codeOf(error))) {
    return {
      message: `${servers} has a certificate, or wants one, that is not accepted: ${reason}`,
      hint: HINTS.authority,
    };
  }
  if (/does not support 'tls'/.test(reason)) {
    return {
      message: `${servers} does not speak TLS`,
      hint: HINTS.noTls,
    };
  }
  if (error instanceof errors.TimeoutError) return { message: `${servers} does not answer`, hint: HINTS.start };
  return { message: `${servers} cannot be reached: ${reason}`, hint: HINTS.start };
}

function streamWords(cause: unknown, servers: string, library: NatsLibrary): { message: string; hint: string } {
  const { JetStreamApiError } = library.jetstream;
  const code = cause instanceof JetStreamApiError ? cause.code : 0;
  if (code !== SUBJECT_OVERLAPS && code !== NAME_IN_USE) {
    if (!(cause instanceof JetStreamApiError)) return wordsOf(cause, servers, library);
    const message = `${servers} does not let the stream ${STREAM} be made: ${reasonOf(cause)}`;
    return { message, hint: HINTS.ownStream };
  }
  const message = `${servers} has a stream that does not take these events: ${reasonOf(cause)}`;
  return { message, hint: HINTS.subjects };
}

/** What cannot be written to the directory of the spool. */
export function spoolTrouble(error: unknown, path: string): Trouble {
  const message = `events cannot be kept in ${path}, and are in memory alone: ${reasonOf(error)}`;
  const hint =
    error instanceof SpoolTaken
      ? "end the process that has it (`fuser` names it); the watch tries again by itself"
      : `make room for it, or let the watch's user write to ${path}`;
  return { about: "spool", message, hint };
}

function deniedOf({ operation, subject }: { operation: string; subject: string }): string {
  return operation === "publish" ? `publish ${subject}` : `subscribe to ${subject}`;
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause !== undefined && causes.length < 10; ) {
    causes.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

function codeOf(error: unknown): string {
  return (
    causesOf(error)
      .map(errnoOf)
      .find((code) => code !== undefined) ?? ""
  );
}

function innermostReason(error: unknown): string {
  return reasonOf(causesOf(error).at(-1)).replaceAll("\n", " ");
}

/** How a server of NATS is reached: files with keys, because everybody on a host can read a command line. */
import { usageError } from "../errors.ts";
import type { AddOption } from "./option-adder.ts";
import { flagOf } from "./option-words.ts";

export interface NatsFlags {
  tlsCa?: string;
  tlsCert?: string;
  tlsKey?: string;
  tokenFile?: string;
  nkeyFile?: string;
  creds?: string;
}

export function addNatsOptions(add: AddOption, group: string): void {
  add(group, "--tls-ca <file>", "authorities (PEM) that the server's certificate is checked with; TLS only then", {
    details: "Without it, those that Node.js knows are asked where the server wants TLS or the address is tls://.",
  });
  add(group, "--tls-cert <file>", "certificate (PEM) that is shown to the server; with --tls-key");
  add(group, "--tls-key <file>", "the key (PEM) of --tls-cert");
  add(group, "--token-file <file>", "a file with the token that the server asks for", {
    details: "Files with keys are read at the start. One that others may read is refused.",
  });
  add(group, "--nkey-file <file>", "a file with the seed of an nkey");
  add(group, "--creds <file>", "a file with a JWT and its seed, as nsc writes it");
}

/** Options that say something of what --publish sends. */
const OF_PUBLISH = [
  "subject",
  "spoolSize",
  "tlsCa",
  "tlsCert",
  "tlsKey",
  "tokenFile",
  "nkeyFile",
  "creds",
  "upload",
  "uploadRate",
] as const;

/** @throws RingcapError USAGE for an option that means nothing without --publish */
export function refuseWithoutPublish(
  flags: { publish?: string } & { [Name in (typeof OF_PUBLISH)[number]]?: unknown },
): void {
  const alone = flags.publish === undefined ? OF_PUBLISH.find((name) => flags[name] !== undefined) : undefined;
  if (alone !== undefined) {
    throw usageError(
      flagOf(alone),
      "it says how events are published",
      "add --publish nats://HOST:4222, or leave it out",
    );
  }
}

const OPEN_FILES = ["tlsCa", "tlsCert"] as const;
const SECRET_FILES = ["tlsKey", "tokenFile", "nkeyFile", "creds"] as const;

/** The files among the options, with the options that name them: those that everybody may read, and those with keys. */
export function natsFilesOf(flags: NatsFlags) {
  const named = (names: readonly (keyof NatsFlags)[]) =>
    names.flatMap((name) => (flags[name] === undefined ? [] : [[flagOf(name), flags[name]] as const]));
  return { open: named(OPEN_FILES), secret: named(SECRET_FILES) };
}

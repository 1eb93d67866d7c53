/** Reads how a server is reached: its addresses, and the files with keys, while the rights of the start are there. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { RingcapError, reasonOf, reasonWithoutPath, usageError } from "../../errors.ts";
import { readSmallFile } from "../../host/small-file.ts";
import type { NatsAccess, NatsFiles } from "./access-types.ts";
import { checkedAuthentication } from "./authentication.ts";
import type { NatsLibrary } from "./library.ts";
import { readServerAddresses } from "./server-address.ts";

/** Of each option, whether others than the owner and its group may read its file. */
const OPTIONS = {
  tlsCa: { option: "--tls-ca", isSecret: false },
  tlsCert: { option: "--tls-cert", isSecret: false },
  tlsKey: { option: "--tls-key", isSecret: true },
  tokenFile: { option: "--token-file", isSecret: true },
  nkeyFile: { option: "--nkey-file", isSecret: true },
  creds: { option: "--creds", isSecret: true },
} as const;

/** Bytes. */
const FILE_MAX = 1 << 18;
/** Permissions of users who are neither the owner nor of the group. */
const OTHERS = 0o007;

/**
 * Reads the files, and checks what can be checked without a server.
 *
 * @param option that has the addresses
 * @throws RingcapError USAGE; INPUT for a file that cannot be read, that others may read, or that has something else in it
 */
export function readNatsAccess(text: string, option: string, files: NatsFiles, library: NatsLibrary): NatsAccess {
  const { servers, isSecure } = readServerAddresses(text, option);
  if ((files.tlsCert === undefined) !== (files.tlsKey === undefined)) {
    const [given, missing] = files.tlsCert === undefined ? ["--tls-key", "--tls-cert"] : ["--tls-cert", "--tls-key"];
    throw usageError(given, `it needs ${missing} beside it`, `add ${missing} <file>`);
  }
  const ways = (["tokenFile", "nkeyFile", "creds"] as const).filter((name) => files[name] !== undefined);
  const [first, second] = ways;
  if (first !== undefined && second !== undefined) {
    throw usageError(OPTIONS[second].option, `it does not go with ${OPTIONS[first].option}`, "leave out one of them");
  }
  const read = (name: keyof NatsFiles) => {
    const path = files[name];
    return path === undefined ? undefined : readKeyFile(path, OPTIONS[name]);
  };
  const [ca, cert, key] = [read("tlsCa"), read("tlsCert"), read("tlsKey")];
  const usesTls = isSecure || ca !== undefined || cert !== undefined;
  if (usesTls) checkTls({ ca, cert, key }, files);
  const access: NatsAccess = {
    servers,
    tls: usesTls ? { ca, cert, key } : undefined,
    ...checkedAuthentication(
      { token: read("tokenFile"), nkey: read("nkeyFile"), creds: read("creds") },
      files,
      library,
    ),
  };
  return access;
}

/** @throws RingcapError INPUT */
function readKeyFile(path: string, { option, isSecret }: { option: string; isSecret: boolean }): string {
  const operation = `read the file of ${option}, ${path}`;
  try {
    if (isSecret) refuseOpen(path, operation);
    return readSmallFile(path, FILE_MAX);
  } catch (cause) {
    if (cause instanceof RingcapError) throw cause;
    throw new RingcapError(`${operation}: ${reasonWithoutPath(cause)}`, { code: "INPUT", operation, cause });
  }
}

/** Somebody else may have read a key in a file that others may read. */
function refuseOpen(path: string, operation: string): void {
  const fd = openSync(path, "r");
  try {
    if ((fstatSync(fd).mode & OTHERS) === 0) return;
  } finally {
    closeSync(fd);
  }
  const hint = `chmod o= ${path}, and take another key where a stranger may have read it`;
  throw new RingcapError(`${operation}: others may read it`, { code: "INPUT", operation, hint });
}

function checkTls(
  { ca, cert, key }: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined },
  files: NatsFiles,
): void {
  const names = [files.tlsCa, files.tlsCert, files.tlsKey].filter((name) => name !== undefined);
  const operation = `read the files for TLS (${names.join(", ")})`;
  try {
    if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----")) throw new Error("--tls-ca has no certificate");
    createSecureContext({ ca, cert, key });
  } catch (cause) {
    const hint = "they are PEM files: certificates, and a key without a password that is of the certificate";
    throw new RingcapError(`${operation}: ${reasonOf(cause)}`, { code: "INPUT", operation, hint, cause });
  }
}

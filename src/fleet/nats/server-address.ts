/** The addresses of servers as they are typed: nats://host:4222, or several of one cluster with commas between them. */
import { usageError } from "../../errors.ts";

export interface ServerAddresses {
  /** Host and port of each. An IPv6 address stands in brackets. */
  readonly servers: readonly string[];
  /** Whether they are only talked to by TLS. */
  readonly isSecure: boolean;
}

const DEFAULT_PORT = "4222";
const HINT = "type it as nats://HOST:4222, or tls://HOST:4222";

/** @param option the option or the word that has them @throws RingcapError USAGE; a password in the text is not repeated */
export function readServerAddresses(text: string, option: string): ServerAddresses {
  const urls = text.split(",").map((word) => addressOf(word.trim(), option));
  const schemes = new Set(urls.map(({ protocol }) => protocol));
  if (schemes.size > 1) throw usageError(option, "nats:// and tls:// are mixed", "take one of them for all servers");
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port === "" ? DEFAULT_PORT : port}`),
    isSecure: schemes.has("tls:"),
  };
}

function addressOf(word: string, option: string): URL {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url === undefined || url.hostname === "" || !["nats:", "tls:"].includes(url.protocol)) {
    throw usageError(option, `${shown(word)} is no server of NATS`, HINT);
  }
  if (hasSecret(url)) {
    const hint = "put it into a file, and give that: --token-file, --nkey-file or --creds";
    throw usageError(option, "everybody on this host can read a password in a command line", hint);
  }
  if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") {
    throw usageError(option, `${shown(word)} has more than a host and a port`, HINT);
  }
  return url;
}

/** A text with an @, which may also be written as %40, may have a password in front of it, whether it is an address or not. */
function shown(word: string): string {
  return /[@%]/.test(word) ? "the address" : `"${word}"`;
}

function hasSecret({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

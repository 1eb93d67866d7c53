/** By what a client says who it is: a token, an nkey, or credentials with a JWT. The contents of their files are checked at the start. */
import { RingcapError } from "../../errors.ts";
import type { NatsAccess, NatsFiles } from "./access-types.ts";
import type { NatsLibrary } from "./library.ts";

type Authentication = Pick<NatsAccess, "token" | "nkey" | "creds">;

/** A seed of a user, as `nk -gen user` prints it. Other lines of the file are comments. */
const SEED = /^SU[A-Z2-7]{56}$/m;
/** What the server gives to a client that connects, and the client signs. Any text does for a trial. */
const NONCE = "trial";

/** @throws RingcapError INPUT for contents that are none of their kind. The contents are not in the message */
export function checkedAuthentication(
  contents: Authentication,
  files: NatsFiles,
  library: NatsLibrary,
): Authentication {
  const token = contents.token?.trim();
  if (token !== undefined && (token === "" || /\s/.test(token))) {
    throw badFile("--token-file", files.tokenFile, "it has not one word", "put the token into it, and nothing else");
  }
  const nkey = contents.nkey === undefined ? undefined : SEED.exec(contents.nkey)?.[0];
  if (contents.nkey !== undefined && (nkey === undefined || !signs({ nkey }, library))) {
    throw badFile(
      "--nkey-file",
      files.nkeyFile,
      "no seed of a user is in it",
      "nk -gen user prints one, which begins with SU",
    );
  }
  const { creds } = contents;
  if (creds !== undefined && !signs({ creds }, library)) {
    throw badFile("--creds", files.creds, "it has no JWT and seed", "nsc generate creds writes such a file");
  }
  return { token, nkey, creds };
}

/** What the library takes as `authenticator`; undefined where nothing is given. */
export function authenticatorOf({ token, nkey, creds }: Authentication, { transport }: NatsLibrary) {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (token !== undefined) return transport.tokenAuthenticator(token);
  if (nkey !== undefined) return transport.nkeyAuthenticator(bytes(nkey));
  return creds === undefined ? undefined : transport.credsAuthenticator(bytes(creds));
}

function signs(authentication: Authentication, library: NatsLibrary): boolean {
  try {
    authenticatorOf(authentication, library)?.(NONCE);
    return true;
  } catch {
    return false;
  }
}

function badFile(option: string, path: string | undefined, message: string, hint: string): RingcapError {
  const operation = `read the file of ${option}, ${path}`;
  return new RingcapError(`${operation}: ${message}`, { code: "INPUT", operation, hint });
}

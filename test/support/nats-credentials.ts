/** JWTs of an operator, its accounts and a user, as nsc(1) makes them, for a server that lets users in by credentials. */
import { natsLibrary } from "../../src/fleet/nats/library.ts";

const { nkeys } = natsLibrary("make credentials").transport;
type KeyPair = ReturnType<typeof nkeys.createUser>;

const UNLIMITED = { subs: -1, data: -1, payload: -1 };
const ACCOUNT = { imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
const JETSTREAM = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const claims = { jti: name, iat: 1, iss: issuer.getPublicKey(), name, sub: subject.getPublicKey(), nats };
  const text = `${encoded({ typ: "JWT", alg: "ed25519-nkey" })}.${encoded(claims)}`;
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString("base64url")}`;
}

/** @returns what the server's configuration has, and the contents of a file of credentials */
export function makeCredentials(): { readonly configuration: string; readonly creds: string } {
  const [operator, system, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const type = (name: string, more: object) => ({ ...more, type: name, version: 2 });
  const ofAccount = (limits: object) => type("account", { limits: { ...UNLIMITED, ...ACCOUNT, ...limits } });
  const jwts = {
    operator: sign(operator, operator, "O", type("operator", { system_account: system.getPublicKey() })),
    system: sign(operator, system, "SYS", ofAccount({})),
    account: sign(operator, account, "A", ofAccount(JETSTREAM)),
    user: sign(account, user, "U", type("user", { pub: {}, sub: {}, ...UNLIMITED })),
  };
  const configuration = `operator: ${jwts.operator}
resolver: MEMORY
resolver_preload: { ${system.getPublicKey()}: ${jwts.system}, ${account.getPublicKey()}: ${jwts.account} }`;
  const seed = new TextDecoder().decode(user.getSeed());
  const creds = `-----BEGIN NATS USER JWT-----
${jwts.user}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------
`;
  return { configuration, creds };
}

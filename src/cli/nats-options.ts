/** How a server of NATS is reached: files with keys, because everybody on a host can read a command line. */
import type { AddOption } from "./option-adder.ts";

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

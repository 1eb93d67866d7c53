/** How a server is reached. */

/** The paths of files, by the names of their options. */
export interface NatsFiles {
  readonly tlsCa?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly nkeyFile?: string | undefined;
  readonly creds?: string | undefined;
}

/** What a connection takes. It goes through a pipe as JSON, and never into a command line. */
export interface NatsAccess {
  readonly servers: readonly string[];
  /** Contents of PEM files; undefined where TLS is left to the server. */
  readonly tls?:
    | { readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined }
    | undefined;
  readonly token?: string | undefined;
  /** A seed, "SU…". */
  readonly nkey?: string | undefined;
  /** The contents of a file of credentials, with a JWT and a seed. */
  readonly creds?: string | undefined;
}

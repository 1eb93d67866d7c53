/** Answers Prometheus, and nobody else: GET /metrics over HTTP. Its failures never reach the capture. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { errnoOf, RingcapError, reasonOf } from "../../errors.ts";
import { EXPOSITION_TYPE } from "./exposition.ts";
import { isLoopback, type ListenAddress } from "./listen-address.ts";

/** Connections at a time. Further ones are closed at once. */
const CONNECTIONS_MAX = 8;
const HEADER_BYTES_MAX = 8192;
/** Milliseconds in which a request has to be complete, and after which a connection without a byte is closed. */
const PATIENCE_MILLISECONDS = 5000;

export class MetricsServer {
  /** Where the metrics are, for a message. */
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    const { address, port, family } = server.address() as AddressInfo;
    this.url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}/metrics`;
    this.#server = server;
  }

  /**
   * Opens the port. A port below 1024 takes a privilege, so that this comes before privileges are given up.
   *
   * @param text is called at each request, and returns the metrics
   * @param tell is told once of each kind of failure that comes later
   * @throws RingcapError OUTPUT or PRIVILEGE where the port cannot be had
   */
  static async open(
    address: ListenAddress,
    text: () => string,
    tell: (warning: string) => void,
  ): Promise<MetricsServer> {
    const told = new Set<string>();
    const tellOnce = (error: unknown) => {
      const warning = `the metrics failed, and the capture goes on: ${reasonOf(error)}`;
      if (!told.has(warning)) tell(warning);
      told.add(warning);
    };
    const limits = {
      maxHeaderSize: HEADER_BYTES_MAX,
      ...{ headersTimeout: PATIENCE_MILLISECONDS, requestTimeout: PATIENCE_MILLISECONDS },
      connectionsCheckingInterval: PATIENCE_MILLISECONDS,
    };
    const server = createServer(limits, (request, response) => {
      try {
        send(response, answerTo(request, isLoopback(address.host), text));
      } catch (error) {
        tellOnce(error);
        send(response, { status: 500 });
      }
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.timeout = PATIENCE_MILLISECONDS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError(address, error)));
      server.listen(address.port, address.host, resolve);
    });
    server.removeAllListeners("error").on("error", tellOnce);
    server.unref();
    return new MetricsServer(server);
  }

  /** Closes the port and every connection. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function answerTo(request: IncomingMessage, isLocal: boolean, text: () => string): Answer {
  const { method = "", url = "", headers, rawHeaders } = request;
  // Of several, Node.js would take the first one without a word (RFC 9112 section 3.2).
  if (rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length > 1) {
    return { status: 400 };
  }
  if (isLocal && !isOwnName(headers.host)) return { status: 403 };
  if (url.split("?")[0] !== "/metrics") return { status: 404 };
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { Allow: "GET, HEAD" } };
  return { status: 200, headers: { "Content-Type": EXPOSITION_TYPE, "Cache-Control": "no-store" }, body: text() };
}

function send(response: ServerResponse, { status, headers, body = "" }: Answer): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { Connection: "close", "Content-Length": length, ...headers });
  response.end(response.req.method === "HEAD" ? "" : body);
}

/**
 * Whether a Host header is what one types for this host. A web page whose name an attacker lets resolve to 127.0.0.1
 * has that name in the header, and could otherwise read the metrics in the browser of a user of this host.
 */
function isOwnName(host: string | undefined): boolean {
  if (host === undefined) return true; // of HTTP/1.0, which no browser speaks
  const name = host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  return isIP(name) !== 0 || name.toLowerCase() === "localhost";
}

function listenError({ host, port }: ListenAddress, error: unknown): RingcapError {
  const operation = `open port ${port} of ${host} for --metrics`;
  const errno = errnoOf(error);
  const hint = hintFor(errno, port);
  const code = errno === "EACCES" ? "PRIVILEGE" : "OUTPUT";
  return new RingcapError(`${operation}: ${reasonOf(error)}`, { code, operation, hint, cause: error });
}

function hintFor(errno: string | undefined, port: number): string | undefined {
  if (errno === "EADDRINUSE") {
    return `another program has it: \`ss -ltnp sport = :${port}\` says which, and --metrics 0 takes a free one`;
  }
  if (errno === "EADDRNOTAVAIL") return "this host does not have the address: `ip address` shows those that it has";
  return errno === "EACCES" ? "ports from 1024 on are for everybody" : undefined;
}

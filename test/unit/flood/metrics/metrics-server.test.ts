/** The port of the metrics, from the side of a client that is not kind. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { MetricsServer } from "../../../../src/flood/metrics/metrics-server.ts";

const HERE = { host: "127.0.0.1", port: 0 };

async function serve(text: () => string, address = HERE) {
  const warnings: string[] = [];
  const server = await MetricsServer.open(address, text, (warning) => warnings.push(warning));
  onTestFinished(() => server.close());
  return { server, warnings, port: Number(new URL(server.url).port) };
}

function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends bytes, and returns everything that is answered. */
async function ask(port: number, request: string): Promise<string> {
  const socket = open(port);
  socket.write(request);
  return textOf(socket);
}

const get = (path: string, host = "127.0.0.1:9477", method = "GET") =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);
const bodyOf = (answer: string) => answer.slice(answer.indexOf("\r\n\r\n") + 4);

test("gives the metrics, made at the moment of the request", async () => {
  let requests = 0;
  const { port, server } = await serve(() => `a ${++requests}\n`);
  expect(server.url).toBe(`http://127.0.0.1:${port}/metrics`);
  const answer = await ask(port, get("/metrics"));
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toMatch(/\r\nContent-Type: text\/plain; version=0\.0\.4; charset=utf-8\r\n/);
  expect(bodyOf(answer)).toBe("a 1\n");
  expect(bodyOf(await ask(port, get("/metrics?name=x", "localhost")))).toBe("a 2\n");
  const head = await ask(port, get("/metrics", "[::1]:1", "HEAD"));
  expect(head).toMatch(/\r\nContent-Length: 4\r\n/);
  expect(bodyOf(head)).toBe("");
  expect(bodyOf(await ask(port, "GET /metrics HTTP/1.0\r\n\r\n"))).toBe("a 4\n");
});

test("answers nothing else, and says nothing of what was asked", async () => {
  const { port } = await serve(() => "secret 1\n");
  const wrong: [string, number][] = [
    ["GET /metrics HTTP/1.1\r\nHost: localhost\r\nhost: attacker.example\r\n\r\n", 400],
    ...["/", "/metrics/", "//metrics", "/metric", "/%6detrics", "http://127.0.0.1/metrics", "/<script>"].map(
      (path): [string, number] => [get(path), 404],
    ),
    ...["POST", "PUT", "DELETE", "OPTIONS", "TRACE"].map((method): [string, number] => [
      get("/metrics", "localhost", method),
      405,
    ]),
    ...["attacker.example", "localhost.attacker.example:9477", "127.0.0.1.attacker.example", ""].map(
      (host): [string, number] => [get("/metrics", host), 403],
    ),
    ["GET /metrics HTTP/1.1\r\n\r\n", 400],
    ["\x16\x03\x01\x02\x00\r\n\r\n", 400],
    [get("/metrics", `localhost\r\nX: ${"x".repeat(8192)}`), 431],
  ];
  for (const [request, code] of wrong) {
    const answer = await ask(port, request);
    expect(status(answer), request.slice(0, 60)).toBe(code);
    // Node.js itself answers what has no Host, with an empty body in chunks.
    expect(bodyOf(answer).replace(/^0\r\n\r\n$/, ""), request.slice(0, 60)).toBe("");
  }
});

test("any name is right for an address that others reach", async () => {
  const { port } = await serve(() => "a 1\n", { host: "0.0.0.0", port: 0 });
  expect(status(await ask(port, get("/metrics", "host.example")))).toBe(200);
});

test("the ninth connection is closed, and there is room when one has gone", async () => {
  const { port } = await serve(() => "a 1\n");
  const idle = Array.from({ length: 8 }, () => open(port));
  await Promise.all(idle.map((socket) => once(socket, "connect")));
  await expect.poll(async () => ask(port, get("/metrics"))).toBe("");
  idle[0]?.destroy();
  await expect.poll(async () => status(await ask(port, get("/metrics")))).toBe(200);
});

test("a failure to make the metrics is told once, and the next request is answered", async () => {
  let isBroken = true;
  const { port, warnings } = await serve(() => {
    if (isBroken) throw new Error("no counters");
    return "a 1\n";
  });
  for (let round = 0; round < 2; round++) {
    const answer = await ask(port, get("/metrics"));
    expect([status(answer), bodyOf(answer)]).toEqual([500, ""]);
  }
  isBroken = false;
  expect(status(await ask(port, get("/metrics")))).toBe(200);
  expect(warnings).toEqual(["the metrics failed, and the capture goes on: no counters"]);
});

test("a port that is taken, and an address that is not there, say what helps", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  await expect(serve(() => "", { ...HERE, port })).rejects.toMatchObject({
    ...{ code: "OUTPUT", message: expect.stringMatching(/^open port \d+ of 127\.0\.0\.1 for --metrics: .*EADDRINUSE/) },
    hint: expect.stringContaining(`sport = :${port}`),
  });
  await expect(serve(() => "", { host: "192.0.2.77", port: 0 })).rejects.toMatchObject({
    ...{ code: "OUTPUT", hint: expect.stringContaining("ip address") },
  });
});

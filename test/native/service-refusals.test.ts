/** What `ringcap service` refuses, with what to type instead, which is then typed. */
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readService } from "../../src/cli/service-request.ts";
import type { RingcapError } from "../../src/errors.ts";
import { lookUpUser } from "../../src/native/privileges.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const script = new URL("../../package.json", import.meta.url).pathname;
const WATCH = ["watch", "-i", "v0", "--trigger", "20000/s"];
const CAPTURE = ["capture", "-i", "v0", "-w", "x.pcap"];

interface Refusal {
  readonly words: readonly string[];
  readonly flags?: { name?: string; user?: string };
  readonly hint: string;
  /** The words that the hint leads to. */
  readonly next: readonly string[];
  readonly nextFlags?: { name?: string; user?: string };
}

const refusals: readonly Refusal[] = [
  {
    words: [],
    hint: "type ringcap service unit --name web -- watch …, capture … or connections …",
    next: ["connections"],
  },
  {
    words: ["top"],
    hint: "type watch with --metrics 9477, which tells Prometheus the same numbers",
    next: [...WATCH, "-w", "x", "--metrics", "9477"],
  },
  {
    words: ["replay", "x.pcap"],
    hint: "services are watch, capture and connections: the others end by themselves",
    next: ["connections"],
  },
  {
    words: ["fleet", "follow", "nats://a"],
    hint: "docs/fleet.md has a unit for ringcap fleet follow",
    next: ["connections"],
  },
  { words: ["-i", "v0"], hint: "name the command: capture or watch", next: [...CAPTURE, "-C", "100"] },
  {
    words: [...WATCH, "-w", "a\nb"],
    hint: "a unit has one line for a command: write it without line breaks and other control characters",
    next: [...WATCH, "-w", "a b"],
  },
  {
    words: [...CAPTURE, "-C", "100", "--", "true"],
    hint: "leave out -- and the command behind it",
    next: [...CAPTURE, "-C", "100"],
  },
  {
    words: CAPTURE,
    hint: "add -C 100 -W 10, or -G 1h --keep-size 20G",
    next: [...CAPTURE, "-G", "1h", "--keep-size", "20G"],
  },
  { words: ["capture", "-i", "v0"], hint: "add -w x.pcap -C 100 -W 10", next: [...CAPTURE, "-C", "100", "-W", "10"] },
  { words: [...WATCH, "-w", "x", "--duration", "5"], hint: "leave it out", next: [...WATCH, "-w", "x"] },
  { words: ["connections", "-c", "5"], hint: "leave it out", next: ["connections"] },
  { words: ["capture", "-D"], hint: "leave it out", next: [...CAPTURE, "-C", "100"] },
  {
    words: [...WATCH, "-w", "x", "--user", "nobody"],
    hint: "give --user to ringcap service itself, in front of --",
    next: [...WATCH, "-w", "x"],
    nextFlags: { user: "nobody" },
  },
  {
    words: ["connections"],
    flags: { name: "a/b" },
    hint: "take letters, digits, - and _, 64 at most",
    next: ["connections"],
    nextFlags: { name: "a_b" },
  },
  {
    words: ["connections"],
    flags: { user: "nobody-of-that-name" },
    hint: "name a user that `getent passwd` lists, or leave it out: systemd then makes one for the service",
    next: ["connections"],
    nextFlags: { user: "nobody" },
  },
  {
    words: ["connections"],
    flags: { user: "root" },
    hint: "leave it out: systemd then makes a user for the service",
    next: ["connections"],
  },
  {
    words: [...WATCH, "-w", "/srv"],
    hint: "name it without its directories, or name its owner: --user <name>",
    next: [...WATCH, "-w", "srv"],
  },
  {
    words: [...WATCH, "-w", "/var/lib/ringcap/web/x"],
    hint: "type it as it is called there: -w x",
    next: [...WATCH, "-w", "x"],
  },
  {
    words: [...WATCH, "-w", "../x"],
    hint: "relative paths are below /var/lib/ringcap/web: type -w x",
    next: [...WATCH, "-w", "x"],
  },
  {
    words: ["connections", "--parquet", "../x"],
    hint: "relative paths are below /var/lib/ringcap/web: type --parquet x",
    next: ["connections", "--parquet", "x"],
  },
];

describeWith(requirements.root, "a service", () => {
  const read = (words: readonly string[], flags: { name?: string; user?: string } = {}) =>
    readService(words, { name: "web", ...flags }, script);

  test.each(refusals.map((refusal) => [refusal.words.join(" "), refusal] as const))(
    "of %j is refused",
    async (_, refusal) => {
      const { words, flags, hint, next, nextFlags } = refusal;
      await expect(read(words, flags)).rejects.toMatchObject({ code: "USAGE", hint: expect.stringContaining(hint) });
      await expect(read(next, nextFlags)).resolves.toMatchObject({ words: next });
    },
  );

  test("has a name", async () => {
    await expect(readService(["connections"], {}, script)).rejects.toMatchObject({ hint: "add one: --name web" });
  });

  test("of ringcap takes its name, and the library's checks of the command", async () => {
    expect((await read(["ringcap", "connections"])).words).toEqual(["connections"]);
    await expect(read([...WATCH, "-w", "x", "tcp prt 80"])).rejects.toMatchObject({ code: "USAGE" });
    await expect(read([...WATCH, "-w", "x", "--trigger", "oops"])).rejects.toMatchObject({ code: "USAGE" });
    await expect(read(["connections", "--port", "eighty"])).rejects.toMatchObject({ code: "USAGE" });
  });

  /** Types what the hints say until the service is not refused. @returns the hints */
  async function followed(words: readonly string[], flags: { user?: string } = {}): Promise<string[]> {
    for (const hints: string[] = []; ; ) {
      const refusal = await read(words, flags).then(
        () => undefined,
        (error: RingcapError) => error,
      );
      if (refusal === undefined) return hints;
      expect([refusal.code, hints.length], refusal.message).toEqual(["USAGE", expect.toSatisfy((count) => count < 4)]);
      hints.push(refusal.hint ?? "");
      await runOrFail("sh", ["-c", refusal.hint ?? "false"]);
    }
  }

  /** A directory that is not hidden from services, and that its owner alone may enter. */
  function shownDirectory(): string {
    const directory = mkdtempSync("/run/ringcap test-");
    onTestFinished(() => rmSync(directory, { recursive: true }));
    return directory;
  }

  test("reads lists where it sees them", async () => {
    const directory = shownDirectory();
    const list = join(directory, "ports");
    const reading = (path: string) => ["connections", "--port", `@${path}`];
    writeFileSync(list, "80\n", { mode: 0o600 });
    await expect(read(reading(relative(process.cwd(), list)))).rejects.toMatchObject({ hint: `type ${list}` });
    expect(await followed(reading(list))).toEqual([`chmod a+x '${directory}'`, `chmod a+r '${list}'`]);
    const hidden = join(temporaryDirectory(), "ports");
    writeFileSync(hidden, "443\n", { mode: 0o644 });
    const hint = "move it to /etc/ringcap or /usr/local, and name it there";
    await expect(read(reading(hidden))).rejects.toMatchObject({ code: "USAGE", hint });
    copyFileSync(hidden, `${list}.moved`);
    expect(await followed(reading(`${list}.moved`))).toEqual([]);
  });

  test("writes to a directory that its user may come to", async () => {
    const directory = shownDirectory();
    const written = join(directory, "inner", "written");
    const hints = await followed([...WATCH, "-w", written], { user: "nobody" });
    expect(hints).toEqual([`chmod a+x '${directory}'`, `install -d -o nobody -m 700 '${written}'`]);
    chmodSync(written, 0o500);
    chmodSync(dirname(written), 0o700);
    expect(await followed([...WATCH, "-w", written], { user: "nobody" })).toEqual([
      `chmod a+x '${dirname(written)}'`,
      `install -d -o nobody -m 700 '${written}'`,
    ]);
  });

  test("sees what its user may read and write, and nothing else", async () => {
    const directory = temporaryDirectory();
    const written = join(directory, "written");
    const write = [...WATCH, "-w", written];
    const install = { code: "USAGE", hint: `install -d -o nobody -m 700 ${written}` };
    await expect(read(write, { user: "nobody" })).rejects.toMatchObject(install);
    mkdirSync(written);
    await expect(read(write, { user: "nobody" })).rejects.toMatchObject(install);
    chmodSync(written, 0o777);
    await expect(read(write, { user: "nobody" })).resolves.toMatchObject({ needs: { writes: [written] } });
    // A service sees no /tmp.
    const place = mkdtempSync("/var/lib/ringcap-test-");
    onTestFinished(() => rmSync(place, { recursive: true }));
    chmodSync(place, 0o755);
    const token = join(place, "token");
    writeFileSync(token, "s3cret", { mode: 0o600 });
    const publish = [...WATCH, "-w", "x", "--publish", "nats://127.0.0.1:1", "--token-file", token];
    await expect(read(publish)).rejects.toMatchObject({ hint: expect.stringContaining("--user <name>") });
    const given = { code: "USAGE", hint: `chown nobody ${token}` };
    await expect(read(publish, { user: "nobody" })).rejects.toMatchObject(given);
    chownSync(token, lookUpUser("nobody")?.user ?? 0, 0);
    await expect(read(publish, { user: "nobody" })).resolves.toMatchObject({ needs: { network: "any" } });
    await expect(read([...publish.slice(0, -1), "token"])).rejects.toMatchObject({ code: "USAGE" });
    const list = ["connections", "--port", "@/etc/os-release"];
    await expect(read(list)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("is not a port"),
    });
  });
});

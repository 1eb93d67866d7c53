/** What `ringcap service` refuses, with what to type instead, which is then typed. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readService } from "../../src/cli/service-request.ts";
import { describeWith, requirements } from "../support/privileges.ts";
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
    hint: "type watch with --metrics 9100, which tells Prometheus the same numbers",
    next: [...WATCH, "-w", "x", "--metrics", "9100"],
  },
  {
    words: ["replay", "x.pcap"],
    hint: "services are watch, capture and connections: the others end by themselves",
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
  { words: ["connections", "--port", "@ports"], hint: "type /", next: ["connections"] },
  {
    words: ["connections", "--port", "@/root/ports"],
    hint: "move it to /etc/ringcap or /usr/local, and name it there",
    next: ["connections", "--port", "80"],
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
    const list = ["connections", "--port", "@/etc/os-release"];
    await expect(read(list)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("is not a port"),
    });
  });
});

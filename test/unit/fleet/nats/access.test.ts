import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readNatsAccess } from "../../../../src/fleet/nats/access.ts";
import type { NatsFiles } from "../../../../src/fleet/nats/access-types.ts";
import { natsLibrary } from "../../../../src/fleet/nats/library.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const library = natsLibrary("try it");
const SEED = new TextDecoder().decode(library.transport.nkeys.createUser().getSeed());
const read = (url: string, files: NatsFiles = {}) => readNatsAccess(url, "--publish", files, library);

function file(content: string, mode = 0o600): string {
  const path = join(temporaryDirectory(), "key");
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe("the address of a server", () => {
  test.each([
    ["nats://events", ["events:4222"], false],
    ["nats://[2001:db8::1]:5222", ["[2001:db8::1]:5222"], false],
    ["tls://a.example.net, tls://b.example.net:1", ["a.example.net:4222", "b.example.net:1"], true],
  ])("%s", (url, servers, isSecure) => {
    const access = read(url);
    expect(access.servers).toEqual(servers);
    expect(access.tls !== undefined).toBe(isSecure);
  });

  test.each([
    "events:4222",
    "http://events",
    "nats://",
    "nats://a/b",
    "nats://a?b",
    "nats://a,tls://b",
    "",
    "nats://a:99999",
  ])("is refused as %j", (url) => {
    expect(() => read(url)).toThrow(expect.objectContaining({ code: "USAGE", option: "--publish" }));
  });

  test.each([
    "nats://user:s3cret@events",
    "http://s3cret@events",
    "user:s3cret@events:4222",
    "s3cret@events",
    "nats://user:s3cret%40events",
    "nats://events/user:s3cret@",
    "nats://a,user:s3cret@events",
  ])("%s has a password, which is in no message", (url) => {
    expect(() => read(url)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.not.stringContaining("s3cret") }),
    );
  });
});

describe("files with keys", () => {
  test("are read, and their contents checked", () => {
    expect(read("nats://a", { tokenFile: file("s3cret\n") })).toMatchObject({ token: "s3cret" });
    expect(read("nats://a", { nkeyFile: file(`${SEED}\nUAPUBLIC\n`, 0o640) })).toMatchObject({ nkey: SEED });
  });

  test.each([
    ["tokenFile", "two words"],
    ["tokenFile", ""],
    ["nkeyFile", "s3cret"],
    ["nkeyFile", SEED.replace(/.$/, (last) => (last === "A" ? "E" : "A"))],
    ["creds", "s3cret"],
    ["tlsCa", "s3cret"],
  ])("--%s with %j in it is refused", (name, content) => {
    const path = file(content);
    expect(() => read("nats://a", { [name]: path })).toThrow(
      expect.objectContaining({
        code: "INPUT",
        hint: expect.any(String),
        message: expect.not.stringContaining("s3cret"),
      }),
    );
  });

  test("that others may read are refused, as are those that are not there, and directories", () => {
    for (const mode of [0o604, 0o602]) {
      const nkeyFile = file(SEED, mode);
      expect(() => read("nats://a", { nkeyFile })).toThrow(
        expect.objectContaining({ hint: expect.stringContaining("chmod") }),
      );
    }
    const directory = temporaryDirectory();
    for (const creds of [join(directory, "none"), directory]) {
      expect(() => read("nats://a", { creds })).toThrow(expect.objectContaining({ code: "INPUT" }));
    }
  });

  test("that do not go together are refused", () => {
    const tokenFile = file("token");
    expect(() => read("nats://a", { tokenFile, nkeyFile: file(SEED) })).toThrow(
      expect.objectContaining({ option: "--nkey-file" }),
    );
    expect(() => read("nats://a", { tlsKey: tokenFile })).toThrow(expect.objectContaining({ option: "--tls-key" }));
    expect(() => read("nats://a", { tlsCert: tokenFile })).toThrow(expect.objectContaining({ option: "--tls-cert" }));
  });
});

/** `ringcap fleet upload` and `ringcap fleet fetch` as they are typed. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { TestNatsServer } from "../support/nats-server.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const INCIDENT = "20261128T144309Z-20000-s";

describeWith([requirements.tools("nats-server")], "incidents", () => {
  test("go into the object store and come back, the one of the host that is named", async () => {
    const server = await TestNatsServer.start();
    const cwd = temporaryDirectory();
    const ringcap = async (...words: string[]) => {
      const { code, stderr } = await startRingcap(["fleet", ...words], { cwd }).exit;
      return { code, stderr };
    };
    for (const host of ["web1", "web2"]) {
      mkdirSync(join(cwd, host, INCIDENT), { recursive: true });
      writeFileSync(join(cwd, host, INCIDENT, "incident.json"), `{"host":"${host}"}\n`);
      const words = ["upload", server.url, `${host}/${INCIDENT}`, "--host", host, "--user", "none"];
      const { code, stderr } = await ringcap(...words);
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringMatching(/: 1 file of 16 bytes, \d+ bytes sent$/m),
      });
    }
    const both = await ringcap("fetch", server.url, INCIDENT);
    expect(both).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/2 hosts have an incident of that name: web1, web2/),
    });
    expect(both.stderr).toMatch(/type HOST\/NAME, with one of these hosts/);
    const fetched = await ringcap("fetch", server.url, `web2/${INCIDENT}`, "--to", "evidence", "--user", "none");
    expect(fetched).toMatchObject({ code: 0, stderr: expect.stringMatching(/1 file of 16 bytes in /) });
    const directory = join(cwd, "evidence", INCIDENT);
    expect(readdirSync(directory)).toEqual(["incident.json"]);
    expect(readFileSync(join(directory, "incident.json"), "utf8")).toBe('{"host":"web2"}\n');
    expect([directory, join(directory, "incident.json")].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o600,
    ]);
    expect(await ringcap("fetch", server.url, "../x")).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/the store does not have it/),
    });
    expect(await ringcap("fetch", server.url, "web1/..")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/type the name of its directory, or HOST\/NAME/),
    });
    expect(await ringcap("upload", server.url, `web1/${INCIDENT}`, "--upload-rate", "10")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/type 1M or more/),
    });
  });
});

/** `ringcap fleet upload` and `ringcap fleet fetch` as they are typed. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { EvidenceSender, type EvidenceTelling } from "../../src/fleet/evidence/evidence-sender.ts";
import { UnsentIncidents } from "../../src/fleet/evidence/unsent-incidents.ts";
import { startRingcap } from "../support/cli.ts";
import { natsServer, TestNatsServer } from "../support/nats-server.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { main } from "../support/ringcap-process.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const INCIDENT = "20261128T144309Z-20000-s";

/** The children of this process with such words. */
function childrenRunning(words: string): number[] {
  const pids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ").map(Number);
  return pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").includes(words));
}

/** Sends incidents as a watch does. */
function senderTo(
  servers: readonly string[],
  unsent = new UnsentIncidents(temporaryDirectory()),
  command = [process.execPath, main, "fleet", "store"],
) {
  const told: EvidenceTelling[] = [];
  const [program = "", ...words] = command;
  const sender = new EvidenceSender({
    program,
    words,
    settings: { access: { servers }, host: "web1", rate: 1e9 },
    left: unsent.read(),
    onWaiting: (directories) => unsent.write(directories),
    tell: (telling) => told.push(telling),
  });
  onTestFinished(() => sender.abandon());
  sender.start();
  return { sender, told, said: (say: EvidenceTelling["say"]) => told.filter((telling) => telling.say === say) };
}

function madeIncident(base: string, name: string): string {
  const path = join(base, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "incident.json"), `{"incident":"${name}"}\n`);
  return path;
}

describeWith([requirements.tools(natsServer)], "incidents", () => {
  test("of a watch wait for a server that is away, and for a process that was killed, and those that are gone are told", async () => {
    const server = await TestNatsServer.start();
    await server.kill();
    const base = temporaryDirectory();
    const unsent = new UnsentIncidents(base);
    const { sender, said } = senderTo([`127.0.0.1:${server.port}`], unsent);
    const [first, second] = [madeIncident(base, INCIDENT), madeIncident(base, `${INCIDENT}-2`)];
    sender.upload(first);
    await expect
      .poll(() => said("trouble"))
      .toEqual([{ say: "trouble", message: expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached/) }]);
    const [child = 0] = childrenRunning("fleet store");
    process.kill(child, "SIGKILL");
    await expect.poll(() => said("process ended")).toHaveLength(1);
    sender.upload(join(base, "20261128T144310Z-gone"));
    sender.upload(second);
    // What a watch that is killed here leaves to the next one.
    expect(unsent.read()).toEqual([first, join(base, "20261128T144310Z-gone"), second]);
    await server.start();
    await expect
      .poll(() => said("uploaded").map((told) => "directory" in told && told.directory))
      .toEqual([first, second]);
    expect(said("left")).toEqual([expect.objectContaining({ reason: expect.stringMatching(/no such file/) })]);
    expect(await sender.close()).toEqual([]);
    expect(readdirSync(base)).toEqual([INCIDENT, `${INCIDENT}-2`]);
    await server.kill();
    const { sender: late } = senderTo([`127.0.0.1:${server.port}`]);
    for (let count = 0; count < 101; count++) late.upload(first);
    expect(late.waiting).toHaveLength(100);
    const closing = late.close();
    late.abandon();
    expect(await closing).toHaveLength(100);
  });

  test("of a process that ends again and again start it at ever longer intervals, whatever it said before", async () => {
    const waits = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => waits.mockRestore());
    const said = JSON.stringify({ say: "note", message: "connected" });
    const { told } = senderTo([], new UnsentIncidents(temporaryDirectory()), ["sh", "-c", `echo '${said}'; exit 1`]);
    await expect.poll(() => told.filter(({ say }) => say === "process ended")).toHaveLength(2);
    expect(told.filter(({ say }) => say === "note")).toHaveLength(2);
    const restarts = waits.mock.calls.map(([, wait]) => wait).filter((wait) => [1000, 2000].includes(wait ?? 0));
    expect(restarts).toEqual([1000, 2000]);
  });

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
    expect(await ringcap("fetch", server.url, "other")).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /no host has put it into the store\n.*ringcap fleet upload, on the host that has it/,
      ),
    });
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
    const unfed = startRingcap(["fleet", "store"]);
    unfed.child.stdin.end();
    expect(await unfed.exit).toMatchObject({ code: 2, stderr: expect.stringMatching(/type ringcap watch --upload/) });
    const watch = ["watch", "-i", "lo", "--trigger", "5/s", "-w", cwd, "--publish", server.url, "--upload-rate", "1M"];
    expect(await startRingcap(watch).exit).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--upload-rate: it is of --upload.*add --upload, or leave it out/s),
    });
  });
});

/** Datagrams to a service manager, which socket(2) of another program receives. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { ServiceNotifier } from "../../src/host/service-notify.ts";
import { addon } from "../../src/native/addon.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { startServiceManager } from "../support/service-manager.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { runScript, workerSource } from "./script.ts";

describeWith(requirements.tools("python3"), "a service manager", () => {
  test("is told by a path and by an abstract name what sd_notify(3) describes, by the process itself", async () => {
    const notes: string[] = [];
    for (const address of [join(temporaryDirectory(), "notify"), `@ringcap-test-${process.pid}`]) {
      const { next } = await startServiceManager(address);
      const notifier = new ServiceNotifier((note) => notes.push(note), {
        ...{ NOTIFY_SOCKET: address, WATCHDOG_USEC: "60000000", WATCHDOG_PID: String(process.pid) },
      });
      notifier.ready();
      expect(await next()).toEqual(["READY=1\n", process.pid]);
      notifier.status("watching\neth0, grün");
      notifier.status("watching\neth0, grün");
      notifier.keepAlive(() => true);
      notifier.close();
      expect((await next())[0]).toBe("STATUS=watching eth0, grün\n");
      expect((await next())[0]).toBe("WATCHDOG=1\n");
      const before = addon().readClocks().monotonic / 1000n;
      notifier.reloading();
      const [, reload = ""] = /^RELOADING=1\nMONOTONIC_USEC=(\d+)\n$/.exec((await next())[0]) ?? [];
      expect(BigInt(reload) - before).toBeLessThan(10_000_000n);
      expect(BigInt(reload)).toBeGreaterThanOrEqual(before);
      notifier.stopping();
      expect((await next())[0]).toBe("STOPPING=1\n");
    }
    expect(notes).toEqual([]);
  });

  test("that takes nothing makes nobody wait, and gets what found no room with what follows", async () => {
    const address = join(temporaryDirectory(), "notify");
    const { next } = await startServiceManager(address, (receiver) => receiver.kill("SIGSTOP"));
    const notes: string[] = [];
    const notifier = new ServiceNotifier((note) => notes.push(note), { NOTIFY_SOCKET: address });
    let last = 0;
    while (notes.length === 0 && last < 100_000) notifier.status(String(++last));
    expect(notes).toEqual([expect.stringContaining("EAGAIN")]);
    for (let number = 1; number < last; number++) expect((await next())[0]).toBe(`STATUS=${number}\n`);
    notifier.ready();
    expect((await next())[0]).toBe(`STATUS=${last}\nREADY=1\n`);
  });
});

test("a service manager that is gone is told of once", () => {
  const notes: string[] = [];
  const address = join(temporaryDirectory(), "gone");
  const notifier = new ServiceNotifier((note) => notes.push(note), { NOTIFY_SOCKET: address });
  notifier.ready();
  notifier.stopping();
  expect(notes).toEqual([expect.stringMatching(/^the service manager could not be told at .*gone: .*ENOENT/)]);
});

test("addresses of any length are taken or refused", async () => {
  const script = `
    const codeOf = (action) => { try { action(); return "sent"; } catch (error) { return error.code; } };
    const bytes = Buffer.from("x");
    console.log([0, 107, 108, 109].map((length) => codeOf(() => addon.sendDatagram(Buffer.alloc(length, "y"), bytes))).join());
    console.log([1, 108, 109].map((length) => codeOf(() => addon.sendDatagram(Buffer.alloc(length), bytes))).join());`;
  const { stdout, stderr } = await runScript(script);
  expect({ stdout, stderr }).toEqual({
    stdout: "EINVAL,ENOENT,ENAMETOOLONG,ENAMETOOLONG\nECONNREFUSED,ECONNREFUSED,ENAMETOOLONG\n",
    stderr: "",
  });
});

describeWith([requirements.root, requirements.tools("python3")], "a worker", () => {
  test("sends after the process has given up its privileges", async () => {
    const address = `@ringcap-test-worker-${process.pid}`;
    const { next } = await startServiceManager(address);
    const worker = `addon.sendDatagram(Buffer.from("\\0" + workerData), Buffer.from("READY=1"));`;
    const script = `
      const threads = require("node:fs").readdirSync("/proc/self/task").map(Number);
      const bytes = (numbers) => new Uint8Array(Uint32Array.from(numbers).buffer);
      addon.changeThreads(bytes(threads), 65534, 65534, bytes([]), 0n, 60_000);
      new (require("node:worker_threads").Worker)(${workerSource(worker)}, { eval: true, workerData: ${JSON.stringify(address.slice(1))} });`;
    expect(await runScript(script)).toMatchObject({ code: 0, stderr: "" });
    expect((await next())[0]).toBe("READY=1");
  });
});

/** Threads that give up privileges, in processes of their own. */
import { expect, test } from "vitest";
import { describeWith, requirements } from "../support/privileges.ts";
import { runScript } from "./script.ts";

const helpers = `
const { readdirSync, readFileSync } = require("node:fs");
const bytes = (numbers) => new Uint8Array(Uint32Array.from(numbers).buffer);
const threads = () => readdirSync("/proc/self/task").map(Number);
const change = (tids, { user = 2 ** 32 - 1, group = 0, groups = [], kept = 0n, wait = 60_000 } = {}) =>
  addon.changeThreads(bytes(tids), user, group, bytes(groups), kept, wait);
const fields = /^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):[ \\t]*(.*?)[ \\t]*$/gm;
const privilegesOf = (tid) =>
  [...readFileSync("/proc/self/task/" + tid + "/status", "utf8").matchAll(fields)]
    .map(([, name, value]) => name + " " + value.split(/\\s+/).join(" ")).join(", ");
const kinds = () => [...new Set(threads().map(privilegesOf))];
const codeOf = (action) => { try { action(); return "done"; } catch (error) { return error.code + " " + error.operation; } };
`;

const none = "0000000000000000";
const withoutAny = `CapInh ${none}, CapPrm ${none}, CapEff ${none}, CapBnd ${none}, CapAmb ${none}, NoNewPrivs 1`;
const nobody = "Uid 65534 65534 65534 65534, Gid 65534 65534 65534 65534, Groups 4 65534";

async function outputOf(script: string, prefix: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await runScript(helpers + script, "", prefix);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

describeWith([requirements.root, requirements.tools("setpriv")], "threads", () => {
  test("all give up user, groups and capabilities, whatever they are doing, and so do those made later", async () => {
    const script = `
      const { Worker } = require("node:worker_threads");
      const { pbkdf2 } = require("node:crypto");
      const endless = [];
      for (const text of ["for (;;);", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", "setInterval(() => {}, 1)"]) {
        endless.push(new Worker("require('node:worker_threads').parentPort.postMessage('runs');" + text, { eval: true }));
      }
      for (let i = 0; i < 4; i++) pbkdf2("a", "b", 1e9, 64, "sha512", () => {});
      let running = 0;
      for (const worker of endless) worker.on("message", () => {
        if (++running < endless.length) return;
        const watchdog = new addon.Watchdog(undefined, 0n, 0n);
        const before = threads();
        change(threads(), { user: 65534, group: 65534, groups: [4, 65534] });
        console.log(before.length >= 15, JSON.stringify(kinds()));
        const later = new Worker("require('node:worker_threads').parentPort.postMessage('runs')", { eval: true });
        later.on("message", () => {
          console.log(threads().some((tid) => !before.includes(tid)), kinds().length);
          for (const attempt of [() => process.setuid(0), () => process.setgroups([0])]) console.log(codeOf(attempt).split(" ")[0]);
          process.kill(process.pid, "SIGKILL");
        });
      });`;
    const { signal, stdout, stderr } = await runScript(helpers + script);
    expect(stderr).toBe("");
    expect(stdout).toBe(`true ["${nobody}, ${withoutAny}"]\ntrue 1\nEPERM\nEPERM\n`);
    expect(signal).toBe("SIGKILL");
  });

  test("of root stay root's, without any capability, also in what they execute", async () => {
    const script = `
      change(threads());
      console.log(JSON.stringify(kinds()));
      console.log(require("node:child_process").execFileSync("grep", ["-E", "^CapEff", "/proc/self/status"], { encoding: "utf8" }));`;
    const stdout = await outputOf(script);
    expect(stdout).toMatch(new RegExp(`^\\["Uid 0 0 0 0, Gid 0 0 0 0, Groups [\\d ]*, ${withoutAny}"\\]\n`));
    expect(stdout).toContain(`CapEff:\t${none}\n`);
  });

  test("keep a capability across the change of the user, and that one alone", async () => {
    const script = `
      change(threads(), { user: 65534, group: 65534, groups: [], kept: 1n << 12n });
      console.log(JSON.stringify(kinds()));`;
    const one = "0000000000001000";
    const capabilities = `CapInh ${none}, CapPrm ${one}, CapEff ${one}, CapBnd ${one}, CapAmb ${none}, NoNewPrivs 1`;
    const users = "Uid 65534 65534 65534 65534, Gid 65534 65534 65534 65534, Groups ";
    expect(await outputOf(script)).toBe(`["${users}, ${capabilities}"]\n`);
  });

  test("without the right to it do not change their user, and the failure names the step", async () => {
    const prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const script = "console.log(codeOf(() => change([process.pid], { user: 0, group: 0 })).replace(/\\d+/, 'N'));";
    expect(await outputOf(script, prefix)).toBe("EPERM set the groups of thread N\n");
  });

  test("get their signal back as glibc had it after a step that failed", async () => {
    // glibc waits for an answer of each thread, which a handler other than its own does not give.
    const script = `
      console.log(codeOf(() => change([process.pid], { user: 65534, group: 2 ** 32 - 2, groups: new Array(65537).fill(1) })).split(" ")[0]);
      process.setgid(65534);
      console.log(kinds().every((kind) => / Gid 65534 65534 /.test(kind)));`;
    expect(await outputOf(script)).toBe("EINVAL\ntrue\n");
  });

  test("that block every signal they can are reached, and those that have ended are passed over", async () => {
    const script = `
      const { Worker } = require("node:worker_threads");
      const blocked = threads().filter((tid) =>
        /^SigBlk:\\s*fffffff/m.test(readFileSync("/proc/self/task/" + tid + "/status", "utf8")));
      const before = threads();
      const worker = new Worker("require('node:worker_threads').parentPort.once('message', () => {})", { eval: true });
      worker.once("online", () => {
        const made = threads().filter((tid) => !before.includes(tid));
        worker.postMessage("end");
        worker.once("exit", () => {
          change([...made, ...blocked]);
          console.log(made.length > 0, blocked.length > 0, blocked.every((tid) => privilegesOf(tid).endsWith("NoNewPrivs 1")));
        });
      });`;
    expect(await outputOf(script)).toBe("true true true\n");
  });

  test("are asked nothing more after one did not answer in time, which may still obey", async () => {
    const script = `
      let answer = "done";
      for (let i = 0; i < 1000 && answer === "done"; i++) answer = codeOf(() => change(threads(), { groups: [4], wait: 0 }));
      console.log(answer.split(" ")[0], codeOf(() => change([process.pid])));`;
    expect(await outputOf(script)).toBe("ETIMEDOUT EBUSY ask threads, of which one has not answered before\n");
  });

  test("get their signal back as glibc had it: a later change of the user reaches them all", async () => {
    const script = `
      change(threads(), { kept: (1n << 6n) | (1n << 7n) });
      process.setgid(65534);
      process.setuid(65534);
      console.log(kinds().length, /^Uid 65534 65534 65534 65534, Gid 65534/.test(kinds()[0]));`;
    expect(await outputOf(script)).toBe("1 true\n");
  });
});

test("users are looked up by name and by number, and those that are not there are undefined", async () => {
  const script = `
    const root = addon.lookUpUser("root");
    console.log(root.name, root.user, root.group, root.groups.includes(0));
    console.log(addon.lookUpUser(0).name, addon.lookUpUser("no such user"), addon.lookUpUser(4123456789));
    const wrong = [() => addon.lookUpUser({}), () => addon.lookUpUser(-1), () => addon.changeThreads([], 0, 0, [], 0n, 0)];
    for (const call of wrong) try { call(); console.log("done"); } catch (error) { console.log(error.constructor.name); }`;
  expect(await outputOf(script)).toBe("root 0 0 true\nroot undefined undefined\nTypeError\nTypeError\nTypeError\n");
});

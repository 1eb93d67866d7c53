/** The addon in worker threads: each has an environment of its own, which may end at any moment. */
import { expect, test } from "vitest";
import { PACKET_RING_DATA, PACKET_RING_OVERRUN } from "../../src/generated/layouts.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import type { RunResult } from "../support/run.ts";
import { runScript, workerSource } from "./script.ts";
import { testPrograms } from "./test-programs.ts";

/** Starts rounds of four workers, waits until each said something, and ends them. */
function inFourWorkers(worker: string, options: { rounds: number; end: "terminate" | "exit" }): Promise<RunResult> {
  const script = `
    const { once } = require("node:events");
    const { Worker } = require("node:worker_threads");
    const { readdirSync, readFileSync } = require("node:fs");
    const bytes = Buffer.from(readFileSync(0, "latin1"), "base64");
    const descriptors = () => readdirSync("/proc/self/fd").length;
    (async () => {
      let before;
      for (let round = 0; round < ${options.rounds}; round++) {
        const workers = [0, 1, 2, 3].map(
          (index) => new Worker(${workerSource(worker)}, { eval: true, workerData: { round, index, bytes } }),
        );
        const ends = workers.map((each) => once(each, "exit"));
        await Promise.all(workers.map((each) => once(each, "message")));
        if (${options.end === "terminate"}) for (const each of workers) each.terminate();
        await Promise.all(ends);
        before ??= descriptors();
      }
      console.log("descriptors left:", descriptors() - before);
    })();`;
  return runScript(script, testPrograms().toString("base64"));
}

const clean = { code: 0, signal: null, stdout: "descriptors left: 0\n", stderr: "" };

test("four workers load the addon at once, which the main thread never does", async () => {
  const result = await inFourWorkers(`parentPort.postMessage(addon.possibleCpus());`, { rounds: 5, end: "exit" });
  expect(result).toEqual(clean);
});

test("a worker is terminated while readiness is active, closing, or closed", async () => {
  const worker = `
    const kept = [0, 1, 2].map(() => new addon.Readiness([addon.createClockStepWatch()], () => {}));
    for (const each of kept.slice(0, workerData.index)) each.close();
    globalThis.kept = kept;
    parentPort.postMessage("ready");`;
  expect(await inFourWorkers(worker, { rounds: 10, end: "terminate" })).toEqual(clean);
});

test("a worker that calls process.exit() with readiness active ends", async () => {
  const worker = `
    new addon.Readiness([addon.createClockStepWatch()], () => {});
    parentPort.postMessage("ready");
    setImmediate(() => process.exit(0));`;
  expect(await inFourWorkers(worker, { rounds: 5, end: "exit" })).toEqual(clean);
});

test("a worker is terminated in the midst of calls that fail", async () => {
  const worker = `
    parentPort.postMessage("ready");
    const fail = (action) => { try { action(); } catch {} };
    for (;;) {
      fail(() => addon.openProgramById("no number"));
      fail(() => new addon.PacketDrain([{}], undefined, false, 1));
      fail(() => new addon.Readiness([addon.createClockStepWatch(), {}], () => {}));
      fail(() => new addon.BpfObject(new Uint8Array(100), "no object"));
      addon.listInterfaces();
      addon.readClocks();
    }`;
  expect(await inFourWorkers(worker, { rounds: 10, end: "terminate" })).toEqual(clean);
});

describeWith(requirements.bpf, "workers with the right to load BPF", () => {
  test("are terminated while they load, drain and are called back", async () => {
    const worker = `
      function open() {
        const object = new addon.BpfObject(Buffer.from(workerData.bytes), "programs");
        object.setAutoload("refused", false);
        object.load();
        const ring = object.map("ring");
        const program = object.program("push");
        object.close();
        const drain = new addon.PacketDrain([], ring, false, 1);
        const buffer = new Uint8Array(65536);
        let calls = 0;
        const push = () => addon.testRun(program, new Uint8Array(32), new Uint8Array(0), 1, 0, 0);
        const readiness = new addon.Readiness([ring], () => {
          drain.drain(buffer);
          if (++calls === 3) parentPort.postMessage("called");
          if (calls % 10 === 0) {
            for (const each of [readiness, drain, ring, program]) each.close();
            open();
          } else push();
        });
        push();
      }
      open();`;
    expect(await inFourWorkers(worker, { rounds: 8, end: "terminate" })).toEqual(clean);
  });

  test("are terminated while they hold the memory of rings, and give it back", async () => {
    const worker = `
      const size = ${PACKET_RING_DATA + 4096 + PACKET_RING_OVERRUN};
      function open() {
        const map = addon.createMap(2, 4, size, 1, 1 << 10, "test_packets");
        const drain = new addon.PacketDrain([map], undefined, false, 1);
        map.close();
        return { drain, buffer: drain.buffers()[0] };
      }
      const [running, closed, dropped] = [open(), open(), open()];
      closed.drain.close();
      globalThis.kept = [running, closed, dropped.buffer];
      parentPort.postMessage("ready");
      for (;;) open().drain.close();`;
    expect(await inFourWorkers(worker, { rounds: 8, end: "terminate" })).toEqual(clean);
  });
});

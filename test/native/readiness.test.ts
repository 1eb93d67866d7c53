import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { addon, type NativeReadiness } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runScript } from "./script.ts";
import { loadRing, testPrograms } from "./test-programs.ts";

const record = new Uint8Array(24);

function readinessOf(descriptors: Descriptor[], callback: () => void): NativeReadiness {
  const readiness = new (addon().Readiness)(descriptors, callback);
  onTestFinished(() => readiness.close());
  return readiness;
}

/** Turns of the event loop in which whatever was going to happen has happened. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

describeWith(requirements.bpf, "readiness", () => {
  test("calls back once for a wake-up, not for as long as the record lies in the ring", async () => {
    const ring = loadRing();
    let calls = 0;
    readinessOf([ring.map], () => calls++);
    ring.push(record);
    await expect.poll(() => calls).toBe(1);
    await someTurns();
    expect(calls).toBe(1);
    ring.push(record);
    await expect.poll(() => calls).toBe(2);
  });

  test("watches many descriptors", async () => {
    const rings = Array.from({ length: 70 }, loadRing);
    let called = () => {};
    const maps = rings.map(({ map }) => map);
    readinessOf(maps, () => called());
    for (const ring of rings) {
      const wokenUp = new Promise<void>((resolve) => {
        called = resolve;
      });
      ring.push(record);
      await wokenUp;
    }
  });

  test("does not call back once it is closed", async () => {
    const ring = loadRing();
    let calls = 0;
    const readiness = readinessOf([ring.map], () => calls++);
    ring.push(record);
    readiness.close();
    readiness.close();
    await someTurns();
    expect(calls).toBe(0);
  });

  test("refuses the same descriptor twice", () => {
    const { map } = loadRing();
    expect(() => readinessOf([map, map], () => {})).toThrow(
      expect.objectContaining({ code: "EEXIST", operation: "watch a descriptor" }),
    );
  });
});

/** Defines push(), which wakes the ring behind `map`. The object comes on standard input. */
const ringScript = `
  const object = new addon.BpfObject(Buffer.from(require("node:fs").readFileSync(0, "latin1"), "base64"), "programs");
  object.setAutoload("refused", false);
  object.load();
  const map = object.map("ring");
  const program = object.program("push");
  const push = () => addon.testRun(program, new Uint8Array(32), new Uint8Array(0), 1, 0, 0);`;

describeWith(requirements.bpf, "readiness in a process of its own", () => {
  const runWithRing = (script: string) => runScript(ringScript + script, testPrograms().toString("base64"));

  test("turns what its callback throws into an uncaught exception", async () => {
    const result = await runWithRing(`
      const readiness = new addon.Readiness([map], () => { throw new RangeError("thrown by the callback"); });
      process.on("exit", (code) => console.log("exit", code));
      push();`);
    expect(result).toMatchObject({ code: 1, signal: null, stdout: "exit 1\n" });
    expect(result.stderr).toContain("RangeError: thrown by the callback");
  });

  test("goes on when the uncaught exception is handled", async () => {
    const result = await runWithRing(`
      let calls = 0;
      const readiness = new addon.Readiness([map], () => { calls++; throw new Error("number " + calls); });
      process.on("uncaughtException", (error) => {
        console.log(error.message);
        if (calls < 3) push(); else readiness.close();
      });
      push();`);
    expect(result).toMatchObject({ code: 0, stdout: "number 1\nnumber 2\nnumber 3\n", stderr: "" });
  });

  test("runs promises and next ticks after its callback", async () => {
    const result = await runWithRing(`
      const readiness = new addon.Readiness([map], () => {
        Promise.resolve().then(() => { console.log("promise"); readiness.close(); });
        process.nextTick(() => console.log("tick"));
        console.log("callback");
      });
      push();`);
    expect(result).toMatchObject({ code: 0, stdout: "callback\ntick\npromise\n", stderr: "" });
  });

  test("survives being closed and collected within its callback", async () => {
    const result = await runWithRing(`
      let left = 50;
      const collected = new FinalizationRegistry(() => {});
      function once() {
        let readiness = new addon.Readiness([map], () => {
          readiness.close();
          collected.register(readiness, 0);
          readiness = undefined;
          gc();
          gc();
          if (--left > 0) setImmediate(() => { once(); push(); });
          else console.log("done");
        });
      }
      once();
      push();`);
    expect(result).toMatchObject({ code: 0, signal: null, stdout: "done\n", stderr: "" });
  });

  test("keeps the process alive, and does not hinder process.exit()", async () => {
    const result = await runWithRing(`
      new addon.Readiness([map], () => process.exit(7));
      gc();
      setImmediate(push);`);
    expect(result).toMatchObject({ code: 7, signal: null, stderr: "" });
  });

  test("does not hinder a process that ends with a wake-up on its way", async () => {
    const result = await runWithRing(`
      globalThis.kept = [1, 2, 3].map(() => new addon.Readiness([map], () => console.log("called")));
      push();
      process.exit(0);`);
    expect(result).toMatchObject({ code: 0, signal: null, stdout: "", stderr: "" });
  });
});

test.each([
  ["no array", undefined, () => {}, "argument 0: expected an array of Descriptors"],
  ["no callback", [], undefined, "argument 1: expected a function"],
  ["an object for a callback", [], {}, "argument 1: expected a function"],
  ["an array with a hole", new Array(1), () => {}, "expected a Descriptor"],
])("readiness with %s is refused", (_, descriptors, callback, message) => {
  const Readiness = addon().Readiness as unknown as new (...args: unknown[]) => NativeReadiness;
  expect(() => new Readiness(descriptors, callback)).toThrow(new TypeError(message));
});

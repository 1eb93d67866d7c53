/** What bpf/capture/admission.h lets through, packet by packet and while its factor changes. */
import { expect, test } from "vitest";
import { KernelAdmission } from "../../src/capture/kernel-admission.ts";
import { type CaptureOptions, checkOptions } from "../../src/capture/options.ts";
import { CapturePrograms, type EntryPoint } from "../../src/capture/programs.ts";
import { Rings } from "../../src/capture/rings.ts";
import { LAYOUT_OF_BLOCKS } from "../../src/capture/source.ts";
import { readClocks } from "../../src/native/system.ts";
import { numberedFrames } from "../support/capturing.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runSession } from "../support/session-script.ts";
import { moveTo } from "../support/test-run-cpus.ts";

/** Loads one program whose rings nobody reads, and closes all of it with the test's scope. */
function openProgram(entryPoint: EntryPoint, options: CaptureOptions) {
  const settings = checkOptions({ bufferSize: 16, ...options });
  const rings = Rings.create(settings.ringSize);
  const admission = new KernelAdmission(settings, readClocks().epochOffset);
  const loaded = { ...settings, ...LAYOUT_OF_BLOCKS, admission };
  const programs = CapturePrograms.load(loaded, "ethernet", [entryPoint], rings);
  const program = programs.entryPoint(entryPoint);
  return {
    admission,
    run: (repeat: number) => program.testRun(new Uint8Array(60), { repeat }).returnValue,
    counters: () => programs.counters(),
    [Symbol.dispose]: () => {
      for (const part of [programs, admission, rings]) part.close();
    },
  };
}

const needed = [requirements.root, requirements.bpf, requirements.tools("taskset")];

describeWith(needed, "the program in the kernel", () => {
  test.each<[EntryPoint, number]>([
    ["capture_xdp", 1],
    ["capture_tc_ingress", 2],
  ])("at %s records one packet in ten on a CPU, and drops all where dropping is asked for", (entryPoint, dropped) => {
    moveTo([0]);
    using program = openProgram(entryPoint, { sample: 10, action: "drop" });
    expect(Array.from({ length: 10 }, () => program.run(1))).toEqual(Array.from({ length: 10 }, () => dropped));
    expect(program.counters()).toMatchObject({ submitted: 1, sampledOut: 9 });
    program.run(9_990);
    const counters = { matched: 10_000, submitted: 1000, sampledOut: 9000, rateLimited: 0, ringFull: 0 };
    expect(program.counters()).toMatchObject(counters);
  });

  test("starts at a packet by chance", () => {
    moveTo([0]);
    using program = openProgram("capture_xdp", { sample: 2 });
    const isTaken = Array.from({ length: 60 }, (_, round) => {
      const before = program.counters().submitted;
      program.admission.setSampling(2 + (round % 2));
      program.run(1);
      return program.counters().submitted > before;
    });
    expect(new Set(isTaken)).toEqual(new Set([false, true]));
  });

  test("limits the rate of what sampling leaves, and follows a factor that changes", () => {
    moveTo([0]);
    using program = openProgram("capture_xdp", { adjustableSampling: true, rateLimit: 50 });
    program.run(1000);
    const first = program.counters();
    // The run may have met two seconds.
    expect([50, 100]).toContain(first.submitted);
    expect(first).toMatchObject({ sampledOut: 0, rateLimited: 1000 - first.submitted });
    program.admission.setSampling(4);
    program.run(1000);
    const second = program.counters();
    expect(second.sampledOut).toBe(750);
    expect(second.submitted + second.rateLimited).toBe(1250);
  });
});

describeWith([...needed, requirements.namespaces, requirements.tools("tcpreplay")], "a session", () => {
  test.each(["xdp", "packet"])("at %s samples as it is told while it goes on", async (hook) => {
    await using network = await TestNetwork.create();
    const text = `
      const fixed = await capture({ interfaces: ["v0"], hook: "${hook}", sample: 10 });
      let refusal;
      try { fixed.setSampling(2); } catch (error) { refusal = error.code; }
      await fixed.stop();
      const session = await capture({ interfaces: ["v0"], hook: "${hook}", adjustableSampling: true });
      session.setSampling(10);
      await ready();
      await session.stop();
      const counters = session.counters();
      answer({ refusal, counters, adds: sumOf(counters) === counters.matched });`;
    const frames = numberedFrames(500);
    const answer = await runSession(network, "b", text, () => network.sendFrames(frames));
    expect(answer).toMatchObject({ refusal: "USAGE", adds: true, counters: { matched: 500, rateLimited: 0 } });
    const { sampledOut } = (answer as { counters: { sampledOut: number } }).counters;
    expect(Math.abs(sampledOut - 450)).toBeLessThanOrEqual(10);
  });
});

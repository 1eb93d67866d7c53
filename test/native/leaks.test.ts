/** Whatever succeeds and is closed, and whatever fails, even half-way, leaves no descriptor and no mapping behind. */
import { readdirSync, readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PACKET_RING_DATA, PACKET_RING_OVERRUN } from "../../src/generated/layouts.ts";
import { addon } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runScript } from "./script.ts";
import { openTestObject, testPrograms } from "./test-programs.ts";

const HASH = 1;
const ARRAY = 2;
const RINGBUF = 27;
const MMAPABLE = 1 << 10;
const NO_SUCH_INTERFACE = 0x7fff_fff0;

function descriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/** Mapped rings, and the anonymous memory that libbpf maps for constants. */
function ringMappings(): number {
  return readFileSync("/proc/self/maps", "utf8").match(/anon_inode:bpf-map/g)?.length ?? 0;
}

/** Runs it often enough for one leak each time to be seen. */
async function expectNoLeak(action: () => void, rounds = 1000): Promise<void> {
  action();
  await nextTurn();
  const before = { descriptors: descriptors(), mappings: ringMappings() };
  for (let round = 0; round < rounds; round++) action();
  // The event loop closes what it watched a turn later.
  await expect.poll(() => ({ descriptors: descriptors(), mappings: ringMappings() })).toEqual(before);
}

function closing(...opened: { close(): void }[]): void {
  for (const each of opened) each.close();
}

test("a watch of the clock that is closed leaves nothing", () =>
  expectNoLeak(() => closing(addon().createClockStepWatch())));

test("a list of the interfaces, and of what is at XDP, leaves nothing", () =>
  expectNoLeak(() => {
    for (const { index } of addon().listInterfaces()) addon().queryXdp(index);
  }));

test("a file that is no object leaves nothing", () =>
  expectNoLeak(() => {
    const bytes = testPrograms().subarray(0, 1000);
    expect(() => new (addon().BpfObject)(bytes, "cut off")).toThrow();
  }));

test("an object that is opened and closed leaves nothing", () =>
  expectNoLeak(() => closing(new (addon().BpfObject)(testPrograms(), "programs"))));

test("readiness that is closed, or fails half-way, leaves nothing", () =>
  expectNoLeak(() => {
    const watch = addon().createClockStepWatch();
    new (addon().Readiness)([watch], () => {}).close();
    expect(() => new (addon().Readiness)([watch, watch], () => {})).toThrow(/EEXIST/);
    expect(() => new (addon().Readiness)([watch, {} as Descriptor], () => {})).toThrow(TypeError);
    watch.close();
  }));

describeWith(requirements.bpf, "with the right to load BPF", () => {
  let ring: Descriptor;
  let hash: Descriptor;
  let packets: Descriptor;
  let program: Descriptor;

  beforeAll(() => {
    const object = openTestObject("push");
    object.load();
    ring = object.map("ring");
    program = object.program("push");
    object.close();
    hash = addon().createMap(HASH, 4, 4, 1, 0, "test_hash");
    packets = addon().createMap(ARRAY, 4, PACKET_RING_DATA + 4096 + PACKET_RING_OVERRUN, 1, MMAPABLE, "test_packets");
  });
  afterAll(() => closing(ring, hash, packets, program));

  const failing: readonly (readonly [string, () => unknown])[] = [
    ["creating a map", () => addon().createMap(RINGBUF, 0, 0, 1000, 0, "odd")],
    ["a table of what is no map", () => addon().createMapOfMaps(1, program, "test_table")],
    ["a drain whose second map is no ring", () => new (addon().PacketDrain)([packets, hash], ring, false, 1)],
    [
      "a drain whose second map is no descriptor",
      () => new (addon().PacketDrain)([packets, {} as Descriptor], ring, false, 1),
    ],
    ["a drain whose wake-ups are no ring buffer", () => new (addon().PacketDrain)([packets], hash, false, 1)],
    ["a drain of records of what is no ring", () => new (addon().RecordDrain)(hash)],
    ["attaching what does not trace to a tracepoint", () => addon().attachTracepoint(program, "sys_exit")],
    ["running what is no iterator", () => addon().runIterator(program)],
    ["attaching to no interface", () => addon().createLink(program, NO_SUCH_INTERFACE, 37, 0)],
    ["opening a program that is gone", () => addon().openProgramById(0xffff_ffff)],
    ["a test run on no packet", () => addon().testRun(program, new Uint8Array(0), new Uint8Array(0), 1, 0, 0)],
  ];
  test.each(failing)("%s leaves nothing when it fails", (_, action) => expectNoLeak(() => expect(action).toThrow()));

  test("a table that is filled, or cannot be, leaves nothing", () => {
    const index = new Uint8Array(4);
    const fill = (table: Descriptor, inner: Descriptor[]) => new (addon().TableFilling)(table, index, inner);
    // The kernel waits for a grace period each time.
    return expectNoLeak(() => {
      const table = addon().createMapOfMaps(1, hash, "test_table");
      fill(table, [hash]).wait();
      expect(() => fill(table, [ring]).wait()).toThrow(/EINVAL/);
      expect(() => fill(table, [{} as Descriptor])).toThrow(TypeError);
      table.close();
    }, 20);
  });

  test("promiscuous mode of no interface leaves nothing", () =>
    // The kernel takes 10 ms to close a packet socket.
    expectNoLeak(() => expect(() => addon().enterPromiscuousMode(NO_SUCH_INTERFACE)).toThrow(/ENODEV/), 50));

  test("a drain that is closed unmaps its rings", () =>
    expectNoLeak(() =>
      closing(new (addon().PacketDrain)([packets, packets], ring, false, 1), new (addon().RecordDrain)(ring)),
    ));

  test("maps and programs that are closed leave nothing", () =>
    expectNoLeak(() => {
      const { id } = addon().describeProgram(program);
      closing(addon().openProgramById(id), addon().createMap(RINGBUF, 0, 0, 4096, 0, "test_ring"));
    }));

  test("an object that the verifier refuses leaves nothing", () =>
    expectNoLeak(() => {
      const object = openTestObject("refused");
      expect(() => object.load()).toThrow(/EACCES/);
      object.close();
    }));

  test("an object that is closed while it is loaded leaves nothing", () =>
    expectNoLeak(() => {
      const object = openTestObject("push");
      object.startLoading();
      object.close();
    }));

  test("an object that is loaded and closed leaves nothing", () =>
    expectNoLeak(() => {
      const object = openTestObject("push");
      object.load();
      closing(object.map("ring"), object.program("push"), object);
    }));

  test("200 drains give the memory of their rings back when they are closed, their addresses with the garbage", async () => {
    const script = `
      const { readFileSync } = require("node:fs");
      const mebibytes = (name) =>
        Number(new RegExp("^" + name + ":\\\\s*(\\\\d+)", "m").exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
      const size = ${PACKET_RING_DATA + (1 << 24) + PACKET_RING_OVERRUN};
      let kept = [];
      const before = { resident: mebibytes("VmRSS"), addresses: mebibytes("VmSize") };
      let resident = 0;
      for (let round = 0; round < 200; round++) {
        const map = addon.createMap(${ARRAY}, 4, size, 1, ${MMAPABLE}, "test_packets");
        const drain = new addon.PacketDrain([map], undefined, false, 1);
        kept.push(drain.buffers()[0]);
        map.close();
        resident = Math.max(resident, mebibytes("VmRSS"));
        drain.close();
      }
      const readable = kept.every((buffer) => new Uint8Array(buffer)[${1 << 23}] === 0);
      kept = [];
      (async () => {
        for (let turn = 0; turn < 5; turn++) { gc(); await new Promise(setImmediate); }
        const grown = { resident: resident - before.resident, addresses: mebibytes("VmSize") - before.addresses };
        console.log(JSON.stringify({ readable, ...grown }));
      })();`;
    const { stdout, stderr } = await runScript(script);
    expect(stderr).toBe("");
    const grown = JSON.parse(stdout) as { readable: boolean; resident: number; addresses: number };
    expect(grown.readable).toBe(true);
    // Of 3,200 MiB.
    expect(grown.resident).toBeLessThan(100);
    expect(grown.addresses).toBeLessThan(500);
  });

  test("a drain that is closed while another thread reads its ring does not crash", async () => {
    const script = `
      const map = addon.createMap(${ARRAY}, 4, ${PACKET_RING_DATA + (1 << 24) + PACKET_RING_OVERRUN}, 1, ${MMAPABLE}, "test_packets");
      const drain = new addon.PacketDrain([map], undefined, false, 1);
      const { deflate } = require("node:zlib");
      for (const level of [1, 6, 9]) {
        deflate(new Uint8Array(drain.buffers()[0]), { level }, (error, output) => console.log(level, output.length > 0));
      }
      drain.close();
      map.close();
      gc();`;
    const result = await runScript(script);
    expect(result).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(result.stdout.split("\n").sort()).toEqual(["", "1 true", "6 true", "9 true"]);
  });

  test("what is dropped without being closed goes with the garbage", async () => {
    const script = `
      const { readdirSync, readFileSync } = require("node:fs");
      const bytes = Buffer.from(readFileSync(0, "latin1"), "base64");
      const state = () => [
        readdirSync("/proc/self/fd").length,
        (readFileSync("/proc/self/maps", "utf8").match(/anon_inode:bpf-map/g) ?? []).length,
      ];
      function drop() {
        for (let round = 0; round < 20; round++) {
          const object = new addon.BpfObject(bytes, "programs");
          object.setAutoload("refused", false);
          object.load();
          const map = object.map("ring");
          new addon.PacketDrain([], map, false, 1);
          new addon.Readiness([map, addon.createClockStepWatch()], () => {}).close();
        }
      }
      drop();
      const dropped = state();
      (async () => {
        gc();
        const before = state();
        for (let turn = 0; turn < 5; turn++) { await new Promise(setImmediate); gc(); }
        console.log(JSON.stringify({ dropped, left: state() }));
      })();`;
    const { stdout, stderr } = await runScript(script, testPrograms().toString("base64"));
    expect(stderr).toBe("");
    const { dropped, left } = JSON.parse(stdout) as Record<"dropped" | "left", [number, number]>;
    expect(dropped[0]).toBeGreaterThan(100);
    expect(dropped[1]).toBe(40);
    expect(left[0]).toBeLessThan(40);
    expect(left[1]).toBe(0);
  });

  test("a thousand objects, opened and closed, do not pile up memory", async () => {
    const script = `
      const bytes = Buffer.from(require("node:fs").readFileSync(0, "latin1"), "base64");
      const kept = [];
      const before = process.memoryUsage.rss();
      for (let round = 0; round < 1000; round++) {
        const object = new addon.BpfObject(bytes, "programs");
        object.close();
        kept.push(object);
      }
      console.log((process.memoryUsage.rss() - before) >> 20);`;
    const { stdout } = await runScript(script, testPrograms().toString("base64"));
    expect(Number(stdout)).toBeLessThan(100);
  });
});

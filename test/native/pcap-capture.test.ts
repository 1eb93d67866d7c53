/** Live captures of libpcap as the addon opens, fills and closes them. What they capture is for test/e2e. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { addon, type NativePcapCapture } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { PcapCapture } from "../../src/native/pcap-capture.ts";
import { PCAP_LIBRARIES } from "../../src/native/pcap-library.ts";
import { listInterfaces } from "../../src/native/system.ts";
import { describeWith, type Requirement, requirements } from "../support/privileges.ts";
import { runScript, workerSource } from "./script.ts";
import { testPrograms } from "./test-programs.ts";

const [LIBRARY = ""] = PCAP_LIBRARIES;
const MEBIBYTE = 1 << 20;
/** `ret #128` and `ret #0`: struct sock_filter. */
const EVERYTHING = Uint8Array.of(0x06, 0, 0, 0, 128, 0, 0, 0);
const NOTHING = Uint8Array.of(0x06, 0, 0, 0, 0, 0, 0, 0);
const NO_BYTES = new Uint8Array(0);

const loopback = listInterfaces().find(({ name }) => name === "lo");
const loopbackIsUp: Requirement = () =>
  loopback !== undefined && (loopback.flags & 1) !== 0 ? undefined : "needs an interface lo that is up";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

function open(snapshotLength = 128): NativePcapCapture {
  const capture = new (addon().PcapCapture)(LIBRARY, snapshotLength, 10);
  opened.push(capture);
  return capture;
}

const openLoopback = (capture: NativePcapCapture) => capture.open("lo", loopback?.index ?? 0, 0, MEBIBYTE, false);

function left(): { descriptors: number; mappings: number } {
  const mappings = readFileSync("/proc/self/maps", "utf8").match(/socket:\[/g)?.length ?? 0;
  return { descriptors: readdirSync("/proc/self/fd").length, mappings };
}

test("a library that is not there, and settings that are out of range, are refused", () => {
  expect(() => new PcapCapture(128, 10, ["libmissing.so"])).toThrow(
    /^load libpcap, which captures packets without BPF: /,
  );
  expect(() => new (addon().PcapCapture)(LIBRARY, 262_145, 10)).toThrow(RangeError);
  expect(() => new (addon().PcapCapture)(LIBRARY, 128, 0)).toThrow(RangeError);
  expect(() => new (addon().PcapCapture)(LIBRARY, "128" as unknown as number, 10)).toThrow(TypeError);
});

describeWith([requirements.root, loopbackIsUp], "a capture of the loopback interface", () => {
  test("that is opened and closed leaves no descriptor and no mapping", () => {
    const round = () => {
      const capture = open();
      const { lane } = openLoopback(capture);
      const descriptor = capture.descriptor(lane);
      capture.begin(lane, EVERYTHING, 128, NO_BYTES, undefined, NO_BYTES, 1);
      capture.drain(new Uint8Array(MEBIBYTE));
      capture.stop();
      capture.counters();
      descriptor.close();
      capture.close();
      capture.close();
    };
    round();
    const before = left();
    for (let index = 0; index < 50; index++) round();
    expect(left()).toEqual(before);
  });

  test("that fails half-way leaves nothing, and says what libpcap says", () => {
    const round = () => {
      const capture = open();
      expect(() => capture.open("missing0", 1, 0, MEBIBYTE, false)).toThrow(/^pcap_activate: ENODEV /);
      // The name of one interface and the index of another.
      expect(() => capture.open("lo", 0x7fff_0000, 0, MEBIBYTE, false)).toThrow(/ENODEV/);
      const { lane } = openLoopback(capture);
      expect(() => capture.begin(lane, Uint8Array.of(1, 2, 3), 128, NO_BYTES, undefined, NO_BYTES, 1)).toThrow(
        RangeError,
      );
      expect(() => capture.begin(lane, new Uint8Array(8).fill(0xff), 128, NO_BYTES, undefined, NO_BYTES, 1)).toThrow(
        /^set the filter of a packet socket: EINVAL/,
      );
      expect(() => capture.begin(lane, NOTHING, 128, NO_BYTES, Uint8Array.of(1), NO_BYTES, 1)).toThrow(RangeError);
      capture.close();
    };
    round();
    const before = left();
    for (let index = 0; index < 50; index++) round();
    expect(left()).toEqual(before);
  });

  test("takes no packet before it begins, and refuses what is not its own", () => {
    const capture = open();
    const { lane, dataLinkType } = openLoopback(capture);
    expect(dataLinkType).toBe(1);
    const nothing = { seen: 0, matched: 0, dropped: 0 };
    expect(capture.counters()).toEqual({ ...nothing, submitted: 0, lanes: [nothing] });
    expect(capture.isGone(lane)).toBe(false);
    expect(() => capture.isGone(lane + 1)).toThrow(RangeError);
    expect(() => capture.drain(new Uint8Array(new ArrayBuffer(64), 1))).toThrow(RangeError);
    expect(() => capture.drain([] as unknown as Uint8Array)).toThrow(TypeError);
    expect(() => capture.takeRecords(new Uint8Array(64), 0)).toThrow(RangeError);
    capture.close();
    expect(() => capture.drain(new Uint8Array(64))).toThrow("the capture is closed");
    expect(() => capture.counters()).toThrow("the capture is closed");
    expect(() => openLoopback(capture)).toThrow("the capture is closed");
    expect(() => capture.descriptor(lane)).toThrow(RangeError);
  });

  test("is given back by a worker that is terminated, or whose objects are collected", async () => {
    const worker = `
      const captures = [];
      for (let index = 0; index < 4; index++) {
        const capture = new addon.PcapCapture(${JSON.stringify(LIBRARY)}, 128, 10);
        const { lane } = capture.open("lo", ${loopback?.index}, 0, ${MEBIBYTE}, false);
        const descriptor = capture.descriptor(lane);
        capture.begin(lane, Uint8Array.of(${EVERYTHING.join()}), 128, new Uint8Array(0), undefined, new Uint8Array(0), 1);
        captures.push({ capture, descriptor, readiness: new addon.Readiness([descriptor], () => capture.drain(new Uint8Array(1 << 20))) });
      }
      globalThis.captures = captures;
      parentPort.postMessage("ready");`;
    const script = `
      const { once } = require("node:events");
      const { Worker } = require("node:worker_threads");
      const { readdirSync, readFileSync } = require("node:fs");
      const left = () => readdirSync("/proc/self/fd").length + (readFileSync("/proc/self/maps", "utf8").match(/socket:/g)?.length ?? 0);
      (async () => {
        let before;
        for (let round = 0; round < 4; round++) {
          const worker = new Worker(${workerSource(worker)}, { eval: true, workerData: {} });
          const end = once(worker, "exit");
          await once(worker, "message");
          worker.terminate();
          await end;
          before ??= left();
        }
        console.log("left:", left() - before);
      })();`;
    const result = await runScript(script, testPrograms().toString("base64"));
    expect(result).toEqual({ code: 0, signal: null, stdout: "left: 0\n", stderr: "" });
  });

  test("wakes by its descriptor, which is one like any other", () => {
    const capture = open();
    const { lane } = openLoopback(capture);
    const descriptor: Descriptor = capture.descriptor(lane);
    expect(descriptor.fd).toBeGreaterThan(2);
    new (addon().Readiness)([descriptor], () => {}).close();
    descriptor.close();
    expect(descriptor.fd).toBe(-1);
  });
});

/** Every argument of the classes that the addon exports, wrong in every way. */
import { expect, test } from "vitest";
import { compileFilter } from "../../src/filter/filter.ts";
import { TRANSMIT_LENGTH_MAX } from "../../src/generated/layouts.ts";
import {
  addon,
  type NativeHostFilter,
  type NativeKernelReplay,
  type NativeLiveFrames,
  type NativePacketDrain,
  type NativePacketSocket,
  type NativePcapCapture,
  type NativeReadiness,
  type NativeRecordDrain,
  type NativeWatchdog,
} from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { BpfObject } from "../../src/native/object.ts";
import { PCAP_LIBRARIES } from "../../src/native/pcap-library.ts";
import { listInterfaces } from "../../src/native/system.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { RingProducer } from "./ring-producer.ts";
import { loadRing, openTestObject } from "./test-programs.ts";
import { expectEachRefused, type Kind, NOTHING_THERE, wrong } from "./wrong-arguments.ts";

/** A method of an object of the addon, whatever it takes. */
function method<Name extends string>(object: Record<Name, unknown>, name: Name) {
  return (args: unknown[]): unknown => Reflect.apply(object[name] as (...args: unknown[]) => unknown, object, args);
}

test("wrong arguments of a drain are type errors", () => {
  const PacketDrain = addon().PacketDrain as unknown as new (...args: unknown[]) => NativePacketDrain;
  const valid = (kind: Kind) => (kind === "boolean" ? false : 1);
  expectEachRefused(["boolean", "unsigned"], valid, (args) => new PacketDrain([], undefined, ...args));
  const drain = new PacketDrain([], undefined, false, 1);
  const right = (kind: Kind) => (kind === "bytes" ? new Uint8Array(64) : 0n);
  for (const [call, kind] of [
    [drain.drain, "bytes"],
    [drain.takeRecords, "bytes"],
    [drain.setEpochOffset, "bigint"],
  ] as const) {
    expectEachRefused([kind], right, (args) => Reflect.apply(call as (...args: unknown[]) => unknown, drain, args));
  }
});

test("wrong arguments of a filter on the host are type errors", () => {
  const { bytes, networkKeys } = compileFilter({});
  const HostFilter = addon().HostFilter as unknown as new (...args: unknown[]) => NativeHostFilter;
  const valid = (kind: Kind) => (kind === "bytes" ? bytes : 1);
  expectEachRefused(["bytes", "bytes", "unsigned"], valid, (args) => new HostFilter(...args));
  const filter = new HostFilter(bytes, networkKeys, 1);
  const call = filter.match as (...args: unknown[]) => unknown;
  const right = (kind: Kind) => (kind === "bytes" ? new Uint8Array(64) : 1);
  expectEachRefused(["bytes", "unsigned", "bytes"], right, (args) => Reflect.apply(call, filter, args));
});

describeWith(requirements.bpf, "a replay through the kernel", () => {
  test("takes no wrong argument, no other map, and nothing when it is closed", () => {
    const object = openTestObject("push");
    object.load();
    const [program, scratch] = [object.program("push"), object.map("scratch")];
    const { map: ring } = new RingProducer();
    const { bytes, networkKeys } = compileFilter({});
    const KernelReplay = addon().KernelReplay as unknown as new (...args: unknown[]) => NativeKernelReplay;
    const args = [program, ring, false, 128, bytes, networkKeys, 1, false];
    const kinds = ["program", "map", "boolean", "unsigned", "bytes", "bytes", "unsigned", "boolean"] as const;
    const right = (kind: Kind) => args[kinds.indexOf(kind as (typeof kinds)[number])];
    expectEachRefused(kinds, right, (changed) => new KernelReplay(...changed));
    expect(() => new KernelReplay(program, scratch, ...args.slice(2))).toThrow(/no packet ring/);

    const replay = new KernelReplay(...args);
    const call = replay.run as (...args: unknown[]) => unknown;
    const each = (kind: Kind) => (kind === "bytes" ? new Uint8Array(64) : 1);
    const parameters = ["bytes", "unsigned", "unsigned", "bytes", "bytes"] as const;
    expectEachRefused(parameters, each, (changed) => Reflect.apply(call, replay, changed));
    replay.close();
    replay.close();
    expect(() => replay.run(new Uint8Array(64), 1, 1, new Uint8Array(64), new Uint8Array(1))).toThrow(
      "the replay is closed",
    );
    for (const descriptor of [program, scratch]) descriptor.close();
    object.close();
  });
});

describeWith(requirements.bpf, "live frames", () => {
  const opened = () => {
    const object = BpfObject.openBuiltIn("transmit");
    object.setVariable("transmit_plan", new Uint8Array(Uint32Array.of(1, 2 * TRANSMIT_LENGTH_MAX).buffer));
    object.load();
    const names = ["transmit_frames", "transmit_bytes", "transmit_control", "transmit_states"];
    const args = [object.program("transmit_frame").descriptor, ...names.map((name) => object.map(name).descriptor)];
    object.close();
    return args;
  };

  test("take no wrong argument, and nothing when they are closed", () => {
    const args = opened();
    const LiveFrames = addon().LiveFrames as unknown as new (...args: unknown[]) => NativeLiveFrames;
    for (const position of args.keys()) {
      const swapped = args.with(position, args[position === 0 ? 1 : 0] as Descriptor);
      expect(() => new LiveFrames(...swapped)).toThrow(/^expected a Descriptor of a (map|program)$/);
    }
    const [program, frames, , ...others] = args;
    expect(() => new LiveFrames(program, frames, frames, ...others)).toThrow(/EINVAL/);

    const live = new LiveFrames(...args);
    const right = (kind: Kind) =>
      ({ bytes: new Uint8Array(64), unsigned: 0, boolean: false, bigint: 0n })[kind as string];
    const methods = [
      ["add", ["bytes", "unsigned", "unsigned", "unsigned", "boolean", "boolean"]],
      ["run", ["bigint", "bigint", "unsigned"]],
      ["runNow", ["bigint", "bigint", "unsigned"]],
    ] as const;
    for (const [name, kinds] of methods) {
      const call = live[name] as (...args: unknown[]) => unknown;
      expectEachRefused(kinds, right, (changed) => Reflect.apply(call, live, changed));
    }
    expect(() => live.runNow(0n, 1n, 0)).toThrow(/choose the CPUs/);
    live.close();
    live.close();
    expect(() => live.counters()).toThrow("the frames are closed");
    for (const descriptor of args) descriptor?.close();
  });
});

describeWith(requirements.bpf, "a packet socket", () => {
  test("takes no wrong argument, and nothing when it is closed", () => {
    const PacketSocket = addon().PacketSocket as unknown as new (...args: unknown[]) => NativePacketSocket;
    const valid = (kind: Kind) => (kind === "unsigned" ? 1 : false);
    expectEachRefused(["unsigned", "boolean"], valid, (args) => new PacketSocket(...args));
    expect(() => new PacketSocket(NOTHING_THERE, false)).toThrow(expect.objectContaining({ code: "ENODEV" }));

    const socket = new PacketSocket(1, false);
    const call = socket.send as (...args: unknown[]) => unknown;
    const right: unknown[] = [new Uint8Array(64), 0, 0, undefined, 0n, false, false];
    for (const [position, values] of [wrong.bytes, wrong.unsigned, wrong.unsigned].entries()) {
      for (const value of values.values) {
        expect(() => Reflect.apply(call, socket, right.with(position, value))).toThrow(TypeError);
      }
    }
    expect(() => Reflect.apply(call, socket, right.with(3, new Float32Array(1)))).toThrow(/expected a Float64Array/);
    expect(() => Reflect.apply(call, socket, right.with(3, new Float64Array(1)).with(1, 2))).toThrow(/fewer times/);
    expect(() => Reflect.apply(call, socket, right.with(1, 3))).toThrow(/the batch ends/);
    const sendNow = socket.sendNow as (...args: unknown[]) => unknown;
    const frame = () => new Uint8Array(64);
    expectEachRefused(["bytes"], frame, (args) => Reflect.apply(sendNow, socket, args));
    socket.close();
    socket.close();
    expect(() => socket.counters()).toThrow("the socket is closed");
    expect(() => socket.sendNow(frame())).toThrow("the socket is closed");
  });
});

test("wrong arguments of a watchdog are type errors", () => {
  const Watchdog = addon().Watchdog as unknown as new (...args: unknown[]) => NativeWatchdog;
  expectEachRefused(
    ["bigint", "bigint"],
    () => 0n,
    (args) => new Watchdog(undefined, ...args),
  );
  for (const value of wrong.map.values.slice(1)) {
    expect(() => new Watchdog(value, 0n, 0n), String(value)).toThrow(wrong.map.message);
  }
  const watchdog = new Watchdog(undefined, 0n, 0n);
  const right = (kind: Kind) => (kind === "bytes" ? new Uint8Array(0) : "words");
  expectEachRefused(["bytes", "string"], right, method(watchdog, "watchSignals"));
  watchdog.close();
});

test("wrong arguments of readiness are type errors", () => {
  const Readiness = addon().Readiness as unknown as new (...args: unknown[]) => NativeReadiness;
  for (const value of [undefined, null, 0, "text", {}]) {
    expect(() => new Readiness(value, () => {})).toThrow(TypeError);
    expect(() => new Readiness([], value)).toThrow(TypeError);
  }
  for (const value of wrong.descriptor.values) {
    expect(() => new Readiness([value], () => {}), String(value)).toThrow(wrong.descriptor.message);
  }
});

describeWith(requirements.bpf, "a drain of records", () => {
  test("takes no wrong argument", () => {
    const RecordDrain = addon().RecordDrain as unknown as new (...args: unknown[]) => NativeRecordDrain;
    const { map } = loadRing();
    expectEachRefused(
      ["map"],
      () => map,
      (args) => new RecordDrain(...args),
    );
    const drain = new RecordDrain(map);
    expectEachRefused(["bytes"], () => new Uint8Array(64), method(drain, "drain"));
    drain.close();
  });
});

describeWith(requirements.bpf, "an object", () => {
  test("takes no wrong argument for a map to reuse", () => {
    const object = openTestObject("push");
    const { map } = loadRing();
    const right = (kind: Kind) => (kind === "string" ? "ring" : map);
    expectEachRefused(["string", "map"], right, method(object, "reuseMap"));
    object.close();
  });
});

describeWith(requirements.root, "a capture of libpcap", () => {
  test("takes no wrong argument, and nothing when it is closed", () => {
    const [library = ""] = PCAP_LIBRARIES;
    const PcapCapture = addon().PcapCapture as unknown as new (...args: unknown[]) => NativePcapCapture;
    const valid = (kind: Kind) => (kind === "string" ? library : 10);
    expectEachRefused(["string", "unsigned", "unsigned"], valid, (args) => new PcapCapture(...args));

    const capture = new PcapCapture(library, 128, 10);
    const settings = ["string", "unsigned", "unsigned", "unsigned", "boolean"] as const;
    const right = (kind: Kind) =>
      ({ string: "name", unsigned: 0, boolean: false, bytes: new Uint8Array(8) })[kind as string];
    expectEachRefused(settings, right, method(capture, "open"));
    const loopback = listInterfaces().find(({ name }) => name === "lo");
    expect(capture.open("lo", loopback?.index ?? 0, 0, 1 << 20, false).lane).toBe(0);
    const parameters = ["unsigned", "bytes", "unsigned", "bytes", "bytes", "bytes", "unsigned"] as const;
    const begin = method(capture, "begin");
    // The filter may be undefined.
    for (const [position, kind] of parameters.entries()) {
      for (const value of wrong[kind].values.slice(position === 4 ? 1 : 0)) {
        const args = parameters.map((each, index) => (index === position ? value : right(each)));
        expect(() => begin(args), `argument ${position} as ${String(value)}`).toThrow(wrong[kind].message);
      }
    }
    for (const name of ["descriptor", "isGone"] as const) {
      expectEachRefused(["unsigned"], right, method(capture, name));
      expect(() => method(capture, name)([NOTHING_THERE])).toThrow("there is no such lane");
    }
    expectEachRefused(["bytes"], right, method(capture, "drain"));
    expectEachRefused(["bytes", "unsigned"], right, method(capture, "takeRecords"));
    capture.close();
    capture.close();
    expect(() => capture.drain(new Uint8Array(64))).toThrow("the capture is closed");
  });
});

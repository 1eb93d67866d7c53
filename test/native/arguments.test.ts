/** Every argument of everything that the addon exports, wrong in every way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileFilter } from "../../src/filter/filter.ts";
import { TRANSMIT_LENGTH_MAX } from "../../src/generated/layouts.ts";
import {
  type Addon,
  addon,
  type NativeHostFilter,
  type NativeKernelReplay,
  type NativeLiveFrames,
  type NativeObject,
  type NativePacketDrain,
  type NativePacketSocket,
} from "../../src/libbpf/addon.ts";
import type { Descriptor } from "../../src/libbpf/descriptor.ts";
import { BpfObject } from "../../src/libbpf/object.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { RingProducer } from "./ring-producer.ts";
import { openTestObject, testPrograms } from "./test-programs.ts";

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const nothings = [undefined, null, NaN, {}, [], Symbol("s"), () => {}, new Proxy({}, {})];

/** For each kind of argument what it is not, and what the error says. */
const wrong = {
  string: { values: [...nothings, 1, 1n, Buffer.from("text")], message: /expected a string$/ },
  unsigned: {
    values: [...nothings, -1, 1.5, 2 ** 32, Infinity, -Infinity, "1", 1n, Number.MAX_VALUE],
    message: /expected an unsigned 32-bit integer$/,
  },
  bigint: {
    values: [...nothings, 1, "1", -1n, 2n ** 64n, -(2n ** 63n)],
    message: /expected a(n unsigned 64-bit)? bigint$/,
  },
  boolean: { values: [...nothings, 0, 1, "true", new Boolean(true)], message: /expected a boolean$/ },
  bytes: {
    values: [
      ...nothings,
      ...[1, "bytes", new ArrayBuffer(8), new SharedArrayBuffer(8), new DataView(new ArrayBuffer(8))],
      ...[new Int8Array(8), new Uint8ClampedArray(8), new Uint32Array(2), new BigUint64Array(1), new Float64Array(1)],
    ],
    message: /expected a Uint8Array$/,
  },
  map: { values: [...nothings, 0, 1n, "1", { fd: 0 }], message: /^expected a Descriptor of a map$/ },
  program: { values: [...nothings, 0, 1n, "1", { fd: 0 }], message: /^expected a Descriptor of a program$/ },
  link: { values: [...nothings, 0, 1n, "1", { fd: 0 }], message: /^expected a Descriptor of a link$/ },
} as const;

type Kind = keyof typeof wrong;

/** What each function wants, in order. */
const signatures: Partial<Record<keyof Addon, readonly Kind[]>> = {
  createMap: ["unsigned", "unsigned", "unsigned", "unsigned", "unsigned", "string"],
  lookupMap: ["map", "bytes"],
  updateMap: ["map", "bytes", "bytes", "unsigned"],
  updateMapBatch: ["map", "bytes", "bytes", "unsigned"],
  updateMapOfMaps: ["map", "bytes", "map"],
  describeMap: ["map"],
  countEntries: ["map"],
  describeProgram: ["program"],
  loadProgram: ["unsigned", "bytes", "string", "unsigned", "unsigned"],
  openProgramById: ["unsigned"],
  packRecords: ["bytes", "unsigned", "bytes", "unsigned", "unsigned"],
  convertRecords: ["bytes", "unsigned", "bytes", "unsigned", "unsigned"],
  compilePcapFilter: ["string", "string", "unsigned", "unsigned", "boolean", "unsigned", "string"],
  testRun: ["program", "bytes", "bytes", "unsigned", "unsigned", "unsigned"],
  createLink: ["program", "unsigned", "unsigned", "unsigned"],
  linkInterface: ["link"],
  detachLink: ["link"],
  attachClsact: ["program", "unsigned", "boolean", "unsigned", "unsigned"],
  detachClsact: ["unsigned", "boolean", "unsigned", "unsigned"],
  queryClsact: ["unsigned", "boolean", "unsigned", "unsigned"],
  probeProgramType: ["unsigned"],
  probeMapType: ["unsigned"],
  probeHelper: ["unsigned", "unsigned"],
  queryXdp: ["unsigned"],
  enterPromiscuousMode: ["unsigned"],
  localTimeOffset: ["unsigned"],
  interfaceIndexOf: ["string"],
  lockFile: ["unsigned"],
  attachTracepoint: ["program", "string"],
  runIterator: ["program"],
};
const withoutArguments = ["possibleCpus", "readClocks", "createClockStepWatch", "listInterfaces", "waitForPrograms"];
/** In map.test.ts and object.test.ts. */
const testedElsewhere = ["updateMapsOfMaps"];
const classes = [
  ...["BpfObject", "PacketDrain", "Readiness", "Descriptor", "HostFilter", "KernelReplay", "RecordDrain"],
  ...["LiveFrames", "PacketSocket", "Watchdog"],
];
/** Numbers for what does not exist, so that nothing is done if a check is missing. */
const NOTHING_THERE = 0x7fff_fff0;

test("every export of the addon is known here", () => {
  const known = [...Object.keys(signatures), ...withoutArguments, ...testedElsewhere, ...classes];
  expect(Object.keys(addon()).sort()).toEqual(known.sort());
});

/** Calls with each argument wrong in turn, the others right, and with each missing. */
function expectEachRefused(kinds: readonly Kind[], right: (kind: Kind) => unknown, call: (args: unknown[]) => unknown) {
  for (const [position, kind] of kinds.entries()) {
    const { values, message } = wrong[kind];
    for (const value of values) {
      const args = kinds.map((each, index) => (index === position ? value : right(each)));
      expect(() => call(args), `argument ${position} as ${String(value)}`).toThrow(
        expect.objectContaining({ name: "TypeError", message: expect.stringMatching(message) }),
      );
    }
    const before = kinds.slice(0, position).map(right);
    expect(() => call(before), `only ${position} arguments`).toThrow(TypeError);
  }
}

describeWith(requirements.bpf, "wrong arguments are type errors", () => {
  let map: Descriptor;
  let program: Descriptor;

  beforeAll(() => {
    const object = openTestObject("push");
    object.load();
    map = object.map("scratch");
    program = object.program("push");
    object.close();
  });
  afterAll(() => {
    map.close();
    program.close();
  });

  const right = (kind: Kind): unknown =>
    ({
      string: "name",
      unsigned: NOTHING_THERE,
      bigint: 0n,
      boolean: true,
      bytes: new Uint8Array(4),
      map,
      program,
      link: undefined,
    })[kind];

  test.each(Object.entries(signatures))("of %s", (name, kinds) => {
    const named = addon()[name as keyof Addon] as (...args: unknown[]) => unknown;
    expectEachRefused(kinds, right, (args) => named(...args));
  });
});

const methods: readonly (readonly [keyof NativeObject, readonly Kind[]])[] = [
  ["setVariable", ["string", "bytes"]],
  ["setMaxEntries", ["string", "unsigned"]],
  ["setValueSize", ["string", "unsigned"]],
  ["setInnerValueSize", ["string", "unsigned"]],
  ["setAutoload", ["string", "boolean"]],
  ["map", ["string"]],
  ["program", ["string"]],
];

test.each(methods)("wrong arguments of an object's %s are type errors", (name, kinds) => {
  const object = new (addon().BpfObject)(testPrograms(), "programs");
  const names = {
    setVariable: "verdict",
    setMaxEntries: "ring",
    setValueSize: "scratch",
    setAutoload: "push",
  } as Partial<Record<string, string>>;
  const right = (kind: Kind) => ({ string: names[name] ?? "ring", unsigned: 4096, boolean: true })[kind as string];
  expectEachRefused(kinds, right, (args) => (object[name] as (...args: unknown[]) => unknown)(...args));
  object.close();
});

test("wrong arguments of the constructor of objects are type errors", () => {
  const BpfObject = addon().BpfObject as unknown as new (...args: unknown[]) => NativeObject;
  const right = (kind: Kind) => (kind === "bytes" ? testPrograms() : "name");
  expectEachRefused(["bytes", "string"], right, (args) => new BpfObject(...args));
});

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
    socket.close();
    socket.close();
    expect(() => socket.counters()).toThrow("the socket is closed");
  });
});

test("detached bytes are taken as none", () => {
  expect(() => new (addon().BpfObject)(detached(), "name")).toThrow(expect.objectContaining({ code: "EINVAL" }));
  const object = new (addon().BpfObject)(testPrograms(), "programs");
  expect(() => object.setVariable("verdict", detached())).toThrow(/of 4 bytes to 0 bytes/);
  object.close();
});

test("names with a zero inside, of a megabyte, or in no known script find nothing", () => {
  const object = new (addon().BpfObject)(testPrograms(), "programs");
  for (const name of ["", "\0", "verdict\0", "x".repeat(1 << 20), "\ud800", "变量", "toString"]) {
    expect(() => object.setVariable(name, new Uint8Array(4)), name.slice(0, 10)).toThrow(/ENOENT|EINVAL/);
    expect(() => object.map(name), name.slice(0, 10)).toThrow(/ENOENT|EBADF/);
  }
  object.close();
});

test("the classes want to be constructed", () => {
  for (const name of classes) {
    const called = (addon() as unknown as Record<string, () => unknown>)[name];
    expect(() => called?.()).toThrow(TypeError);
  }
});

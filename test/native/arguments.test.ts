/** Every argument of the functions and objects that the addon exports, wrong in every way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { TRANSMIT_LENGTH_MAX } from "../../src/generated/layouts.ts";
import { type Addon, addon, type NativeObject } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { BpfObject } from "../../src/native/object.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { openTestObject, testPrograms } from "./test-programs.ts";
import { expectEachRefused, type Kind, NOTHING_THERE } from "./wrong-arguments.ts";

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** What each function wants, in order. */
const signatures: Partial<Record<keyof Addon, readonly Kind[]>> = {
  createMap: ["unsigned", "unsigned", "unsigned", "unsigned", "unsigned", "string"],
  createMapOfMaps: ["unsigned", "map", "string"],
  lookupMap: ["map", "bytes"],
  updateMap: ["map", "bytes", "bytes", "unsigned"],
  updateMapBatch: ["map", "bytes", "bytes", "unsigned"],
  updateMapOfMaps: ["map", "bytes", "map"],
  describeMap: ["map"],
  countEntries: ["map"],
  mapValues: ["map"],
  describeProgram: ["program"],
  loadProgram: ["unsigned", "bytes", "string", "unsigned", "unsigned"],
  openProgramById: ["unsigned"],
  packRecords: ["bytes", "unsigned", "bytes", "unsigned", "unsigned"],
  completeChecksums: ["bytes", "unsigned", "unsigned"],
  convertRecords: ["bytes", "unsigned", "bytes", "unsigned", "unsigned"],
  compilePcapFilter: ["string", "string", "unsigned", "unsigned", "boolean", "unsigned", "string"],
  listPcapDevices: ["string"],
  testRun: ["program", "bytes", "bytes", "unsigned", "unsigned", "unsigned"],
  programMapNames: ["program"],
  createLink: ["program", "unsigned", "unsigned", "unsigned"],
  attachToChain: ["program", "unsigned", "unsigned", "unsigned", "unsigned", "bigint"],
  queryChain: ["unsigned", "unsigned"],
  linkInterface: ["link"],
  linkId: ["link"],
  updateLink: ["link", "program"],
  detachLink: ["link"],
  removeLink: ["link"],
  attachClsact: ["program", "unsigned", "boolean", "unsigned", "unsigned", "boolean"],
  listClsact: ["unsigned", "boolean"],
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
  sendDatagram: ["bytes", "bytes"],
  receiveDatagrams: ["bytes"],
  directAlignment: ["unsigned"],
  setDirect: ["unsigned", "boolean"],
  allocatePages: ["unsigned"],
  attachTracepoint: ["program", "string"],
  runIterator: ["program"],
  takeRemovedInterfaces: ["descriptor"],
};
const withoutArguments = [
  ...["possibleCpus", "readClocks", "createClockStepWatch", "createInterfaceWatch", "listInterfaces"],
  ...["waitForPrograms", "readInterfaceDrops"],
];
/** In pack-blocks.test.ts, and in privileges.test.ts. */
const testedElsewhere = ["packBlocks", "changeThreads", "lookUpUser"];
/** What they take is wrong in class-arguments.test.ts, and of TableFilling in map.test.ts. */
const classes = [
  ...["BpfObject", "PacketDrain", "Readiness", "Descriptor", "HostFilter", "KernelReplay", "RecordDrain"],
  ...["LiveFrames", "PacketSocket", "PcapCapture", "TableFilling", "Watchdog"],
];

test("every export of the addon is known here", () => {
  const known = [...Object.keys(signatures), ...withoutArguments, ...testedElsewhere, ...classes];
  expect(Object.keys(addon()).sort()).toEqual(known.sort());
});

describeWith(requirements.bpf, "wrong arguments are type errors", () => {
  let map: Descriptor;
  let program: Descriptor;
  let link: Descriptor;

  beforeAll(() => {
    const object = openTestObject("push");
    object.load();
    map = object.map("scratch");
    program = object.program("push");
    object.close();
    // A link that needs no interface.
    using transmit = BpfObject.openBuiltIn("transmit");
    transmit.setVariable("transmit_plan", new Uint8Array(Uint32Array.of(1, 2 * TRANSMIT_LENGTH_MAX).buffer));
    transmit.load();
    using counter = transmit.program("count_transmitted");
    link = counter.attachToTracepoint("xdp_devmap_xmit");
  });
  afterAll(() => {
    for (const descriptor of [map, program, link]) descriptor.close();
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
      link,
      descriptor: link,
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

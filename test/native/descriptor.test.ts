import { expect, onTestFinished, test } from "vitest";
import { addon } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { openTestObject } from "./test-programs.ts";

/** The class, which the addon exports and nobody needs. */
function descriptorClass(): { new (...args: unknown[]): Descriptor; prototype: Descriptor } {
  return (addon() as unknown as { Descriptor: ReturnType<typeof descriptorClass> }).Descriptor;
}

function clockStepWatch(): Descriptor {
  const descriptor = addon().createClockStepWatch();
  onTestFinished(() => descriptor.close());
  return descriptor;
}

function fdGetter(): () => unknown {
  const getter = Object.getOwnPropertyDescriptor(descriptorClass().prototype, "fd")?.get;
  if (getter === undefined) throw new Error("fd is no accessor");
  return getter;
}

/** A drain that claims to be a descriptor. */
function disguisedDrain(): Descriptor {
  return Reflect.construct(addon().PacketDrain, [[], undefined, false, 1], descriptorClass()) as unknown as Descriptor;
}

test("a closed descriptor says -1, and may be closed again", () => {
  const descriptor = clockStepWatch();
  expect(descriptor.fd).toBeGreaterThan(2);
  descriptor.close();
  descriptor.close();
  expect(descriptor.fd).toBe(-1);
});

test.each([[[]], [[1]], [[{}, 0]], [[null, 0]]])("JavaScript cannot construct one from %j", (args) => {
  expect(() => new (descriptorClass())(...args)).toThrow("a Descriptor cannot be constructed");
});

test("its methods refuse other receivers", () => {
  const { PacketDrain, Readiness, BpfObject } = addon();
  const close = descriptorClass().prototype.close;
  const drain = new PacketDrain([], undefined, false, 1);
  for (const receiver of [drain, {}, descriptorClass().prototype, Object.create(clockStepWatch()), 1, undefined]) {
    expect(() => Reflect.apply(close, receiver, [])).toThrow(/Illegal invocation|Cannot convert/);
  }
  for (const method of [PacketDrain.prototype.drain, Readiness.prototype.close, BpfObject.prototype.load]) {
    expect(() => Reflect.apply(method, clockStepWatch(), [])).toThrow("Illegal invocation");
  }
});

test("the accessor of its number refuses other receivers", () => {
  const drain = new (addon().PacketDrain)([], undefined, false, 1);
  const disguised = disguisedDrain();
  expect(disguised).toBeInstanceOf(descriptorClass());
  expect(() => disguised.fd).toThrow("Illegal invocation");
  for (const receiver of [drain, {}, descriptorClass().prototype]) {
    expect(() => Reflect.apply(fdGetter(), receiver, [])).toThrow();
  }
});

test("what is no descriptor is not taken for one", () => {
  const disguised = disguisedDrain();
  const inherited = Object.create(clockStepWatch()) as Descriptor;
  for (const value of [disguised, inherited, { fd: 0, close() {} }, 0, null]) {
    expect(() => new (addon().Readiness)([value as Descriptor], () => {})).toThrow(
      new TypeError("expected a Descriptor"),
    );
  }
});

test("a closed descriptor is refused", () => {
  const descriptor = clockStepWatch();
  descriptor.close();
  expect(() => new (addon().Readiness)([descriptor], () => {})).toThrow("the descriptor is closed");
});

describeWith(requirements.bpf, "descriptors of maps and programs", () => {
  test("are not taken for one another", () => {
    const object = openTestObject("push");
    onTestFinished(() => object.close());
    object.load();
    const map = object.map("ring");
    const program = object.program("push");
    const timer = clockStepWatch();
    const { PacketDrain, describeMap, describeProgram, lookupMap, linkInterface, createLink, testRun } = addon();
    const none = new Uint8Array(0);
    for (const other of [program, timer]) {
      expect(() => describeMap(other)).toThrow("expected a Descriptor of a map");
      expect(() => lookupMap(other, none)).toThrow("expected a Descriptor of a map");
      expect(() => new PacketDrain([other], map, false, 1)).toThrow("expected a Descriptor of a map");
      expect(() => linkInterface(other)).toThrow("expected a Descriptor of a link");
    }
    for (const other of [map, timer]) {
      expect(() => describeProgram(other)).toThrow("expected a Descriptor of a program");
      expect(() => createLink(other, 1, 37, 0)).toThrow("expected a Descriptor of a program");
      expect(() => testRun(other, none, none, 1, 0, 0)).toThrow("expected a Descriptor of a program");
    }
    map.close();
    program.close();
  });
});

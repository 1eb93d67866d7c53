/** What each kind of argument of the addon is not. */
import { expect } from "vitest";

const nothings = [undefined, null, NaN, {}, [], Symbol("s"), () => {}, new Proxy({}, {})];

/** For each kind of argument what it is not, and what the error says. */
export const wrong = {
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
  descriptor: { values: [...nothings, 0, 1n, "1", { fd: 0 }], message: /^expected a Descriptor$/ },
  link: { values: [...nothings, 0, 1n, "1", { fd: 0 }], message: /^expected a Descriptor of a link$/ },
} as const;

export type Kind = keyof typeof wrong;

/** Numbers for what does not exist, so that nothing is done if a check is missing. */
export const NOTHING_THERE = 0x7fff_fff0;

/** Calls with each argument wrong in turn, the others right, and with each missing. */
export function expectEachRefused(
  kinds: readonly Kind[],
  right: (kind: Kind) => unknown,
  call: (args: unknown[]) => unknown,
) {
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

import { expect, test } from "vitest";
import { checkOptions } from "../../../src/capture/options.ts";
import { planInterfaces } from "../../../src/capture/plan.ts";
import type { Program } from "../../../src/filter/classic/instruction.ts";
import type { CompiledExpression, compileExpression } from "../../../src/filter/expression.ts";
import { ETHERNET, RAW_IP } from "../../../src/packets/link-types.ts";
import { ethernet, tunnel } from "./targets.ts";

/** `inbound`, which asks for what no XDP program knows. */
const inbound: Program = [
  { kind: "load-ancillary", field: "pkttype" },
  { kind: "return", value: 262_144 },
];

/** Compiles nothing, and notes for which link types it was asked. */
function compiler(asked: number[]): typeof compileExpression {
  return (text, linkType): CompiledExpression => {
    asked.push(linkType);
    return { text, linkType, listing: [], raw: [], program: inbound };
  };
}

test("an expression is compiled once for each link type, and each interface has that of its own", () => {
  const asked: number[] = [];
  const settings = checkOptions({ filter: { expression: "inbound" } });
  const targets = [ethernet, tunnel, { ...ethernet, name: "v1" }];
  const { interfaces } = planInterfaces(settings, targets, compiler(asked));
  expect(asked).toEqual([ETHERNET.linkType, RAW_IP.linkType]);
  expect(interfaces.map(({ target, expression }) => [target.name, expression?.linkType])).toEqual([
    ["v0", ETHERNET.linkType],
    ["tun0", RAW_IP.linkType],
    ["v1", ETHERNET.linkType],
  ]);
});

test("an expression that asks for what XDP does not know goes to TC", () => {
  const settings = checkOptions({ filter: { expression: "inbound" } });
  const [plan] = planInterfaces(settings, [ethernet], compiler([])).interfaces;
  expect(plan?.hooks).toEqual(["tc", "packet"]);
});

test("without an expression nothing is compiled, and each interface has hooks of its own", () => {
  const asked: number[] = [];
  const { interfaces } = planInterfaces(checkOptions({}), [ethernet, tunnel], compiler(asked));
  expect(asked).toEqual([]);
  expect(interfaces.map(({ expression, hooks }) => [expression, hooks])).toEqual([
    [undefined, ["xdp-native", "xdp-generic", "tc", "packet"]],
    [undefined, ["tc", "packet"]],
  ]);
});

test("an interface that cannot do it ends the plan, whatever the others can", () => {
  const settings = checkOptions({ hook: "xdp" });
  expect(() => planInterfaces(settings, [ethernet, tunnel])).toThrow(expect.objectContaining({ code: "USAGE" }));
});

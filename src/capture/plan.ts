/**
 * The plan of a capture, which is made before anything is opened: the interfaces, the expression for the packets of
 * each, and the hooks to try. Everything that can take long happens here, because expressions are compiled and the
 * names in them are looked up.
 */
import { type CompiledExpression, compileExpression } from "../filter/expression.ts";
import { type CaptureInterface, findInterfaces } from "../host/interfaces.ts";
import type { Hook } from "../packets/captured.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";
import { hookCandidates } from "./hooks.ts";
import { type CaptureOptions, type CaptureSettings, checkOptions } from "./options.ts";

export interface InterfacePlan {
  readonly target: CaptureInterface;
  /** The expression, compiled for the link type of the interface. */
  readonly expression: CompiledExpression | undefined;
  /** The hooks to try, the best first. */
  readonly hooks: readonly Hook[];
}

export interface CapturePlan {
  readonly settings: CaptureSettings;
  readonly interfaces: readonly InterfacePlan[];
  /** Whether prepareForFewerPrivileges() will be called soon, so that what it loads is begun with. Default: false. */
  readonly givesUpPrivileges?: boolean;
}

type Compile = typeof compileExpression;

/** @param needs of the sink that the packets are for; default: any layout @throws RingcapError USAGE, INTERFACE, or INSTALLATION without libpcap */
export function planCapture(options: CaptureOptions, needs?: SinkNeeds): CapturePlan {
  const settings = checkOptions(options, needs);
  return planInterfaces(settings, findInterfaces(settings.interfaces));
}

/** The same of options that were checked and interfaces that were found. @throws RingcapError USAGE or INSTALLATION, likewise */
export function planInterfaces(
  settings: CaptureSettings,
  targets: readonly CaptureInterface[],
  compile: Compile = compileExpression,
): CapturePlan {
  const expressionFor = expressionCompiler(settings, compile);
  const interfaces = targets.map((target) => {
    const expression = expressionFor(target.link.linkType);
    return { target, expression, hooks: hookCandidates(settings, target, expression?.program) };
  });
  return { settings, interfaces };
}

/** Compiles the expression once for each link type. */
function expressionCompiler(
  { filter: { expression: text }, onNote }: CaptureSettings,
  compile: Compile,
): (linkType: number) => CompiledExpression | undefined {
  const compiled = new Map<number, CompiledExpression>();
  return (linkType) => {
    if (text === undefined) return undefined;
    const expression = compiled.get(linkType) ?? compile(text, linkType, { onNote });
    compiled.set(linkType, expression);
    return expression;
  };
}

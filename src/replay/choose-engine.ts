/**
 * Chooses the engine: the kernel where it can decide, and the host elsewhere. An engine that was asked for by name is
 * used or refused.
 */
import { RingcapError, usageError } from "../errors.ts";
import type { ByteOrder } from "../packets/byte-order.ts";
import { describeLinkType, ETHERNET, isFilterable, isRawIp } from "../packets/link-type-names.ts";
import type { ReplayEngine } from "./engine.ts";
import { FileExpression } from "./file-expression.ts";
import { KernelEngine } from "./kernel-engine.ts";
import type { ReplaySettings } from "./options.ts";
import { UserEngine } from "./user-engine.ts";

/** What is known of a file before its packets are read. */
interface PacketsOfFile {
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly byteOrder: ByteOrder;
}

/** Where a program of this replay is loaded already, and another one may not be. */
const GIVEN_UP =
  'a program is loaded for each link type when the first of its packets comes; with `user: "none"` the process keeps the privileges for that';

/**
 * @param hadKernel whether the process was allowed to load a program before
 * @throws RingcapError USAGE for a link type or an expression that cannot be had, PRIVILEGE or KERNEL when the kernel was insisted on
 */
export function openEngine(settings: ReplaySettings, input: PacketsOfFile, hadKernel = false): ReplayEngine {
  const { linkType, byteOrder } = input;
  if (!settings.matchesAll && !isFilterable(linkType)) {
    throw usageError("filter", `the filter cannot read packets of ${linkTypeText(linkType)}`, "replay it without one");
  }
  const { expression: text } = settings.filter;
  const expression = text === undefined ? undefined : new FileExpression(text, linkType, byteOrder, settings.onNote);
  if (settings.engine === "user") return new UserEngine(settings, linkType, expression);
  const obstacle = kernelObstacle(settings, linkType);
  if (obstacle === undefined) {
    try {
      return KernelEngine.open(settings, linkType, kernelHook(settings, linkType), expression);
    } catch (failure) {
      const error = hadKernel ? afterGivingUp(failure) : failure;
      if (settings.engine === "kernel" || !(error instanceof RingcapError)) throw error;
      if (error.code !== "PRIVILEGE" && error.code !== "KERNEL") throw error;
      const hint = error.hint === undefined ? "" : `; to have the kernel: ${error.hint}`;
      settings.onNote(`the user engine decides, because the kernel does not (${error.message})${hint}`);
      return new UserEngine(settings, linkType, expression);
    }
  }
  if (settings.engine === "kernel") {
    throw usageError("engine", obstacle, 'use `engine: "user"`, which has the same filter');
  }
  settings.onNote(`the user engine decides: ${obstacle}`);
  return new UserEngine(settings, linkType, expression);
}

function afterGivingUp(failure: unknown): unknown {
  if (!(failure instanceof RingcapError) || failure.code !== "PRIVILEGE") return failure;
  const { code, operation, message } = failure;
  return new RingcapError(message, { code, operation, hint: GIVEN_UP, cause: failure });
}

function kernelObstacle({ hook }: ReplaySettings, linkType: number): string | undefined {
  if (linkType === ETHERNET) return undefined;
  const text = linkTypeText(linkType);
  if (!isRawIp(linkType)) return `no program of the kernel meets packets of ${text}`;
  return hook === "xdp" ? `XDP programs meet no packets of ${text}, TC programs do` : undefined;
}

function kernelHook({ hook }: ReplaySettings, linkType: number): "xdp" | "tc" {
  if (hook !== "auto") return hook;
  // XDP accepts longer packets in a test run.
  return linkType === ETHERNET ? "xdp" : "tc";
}

function linkTypeText(linkType: number): string {
  const { name, description } = describeLinkType(linkType);
  return `link-type ${name} (${description})`;
}

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

/** @throws RingcapError USAGE for a link type or an expression that cannot be had, PRIVILEGE or KERNEL when the kernel was insisted on */
export function openEngine(settings: ReplaySettings, input: PacketsOfFile): ReplayEngine {
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
    } catch (error) {
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

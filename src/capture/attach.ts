/** Attaches the capture program to an interface, at the first hook that takes it. */
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";
import type { CaptureInterface } from "../host/interfaces.ts";
import { kernelError } from "../host/kernel-error.ts";
import { isAllowed } from "../host/kernel-features.ts";
import type { BpfLink } from "../native/link.ts";
import { AttachType, type BpfProgram, XdpFlags } from "../native/program.ts";
import type { Chain } from "../native/program-chain.ts";
import type { BpfHook } from "../packets/captured.ts";
import { ClsactLink } from "./clsact-link.ts";
import { entryPointsFor } from "./hooks.ts";
import type { CaptureSettings } from "./options.ts";
import type { Placeholders } from "./placeholders.ts";
import type { ProgramView } from "./program-view.ts";
import type { CapturePrograms, EntryPoint } from "./programs.ts";
import { TcxLink } from "./tcx-link.ts";
import { describeXdpOccupant, XdpInFront } from "./xdp-in-front.ts";

/**
 * An attachment. close() detaches it at once. Where detaching takes its time, vacate() ends its effect and remove()
 * detaches it.
 */
export type Link = Pick<BpfLink, "interfaceIndex" | "close"> &
  Partial<Pick<TcxLink, "checkPlace" | "lookBy" | "vacate" | "remove"> & Pick<ClsactLink, "detachesBy">>;

export class Attachment {
  readonly hook: BpfHook;
  readonly links: readonly Link[];
  readonly #xdp: XdpInFront | undefined;

  constructor(hook: BpfHook, links: readonly Link[], xdp?: XdpInFront) {
    this.hook = hook;
    this.links = links;
    this.#xdp = xdp;
  }

  /** Whether other programs may come in front of it. */
  get hasNeighbours(): boolean {
    return this.hook === "tc";
  }

  /** From here on it looks at other programs by that view, which needs no capability. */
  lookBy(view: ProgramView): void {
    this.#xdp?.lookBy(view);
    for (const link of this.links) link.lookBy?.(view);
  }

  /** Looks which programs have come in front, goes in front of them where that is possible, and reports the others. */
  checkPlace(): string[] {
    return [...(this.#xdp?.check() ?? []), ...this.links.flatMap((link) => link.checkPlace?.() ?? [])];
  }
}

export interface Attaching {
  readonly settings: CaptureSettings;
  readonly programsFor: (hook: BpfHook) => Pick<CapturePrograms, "entryPoint">;
  readonly placeholders: () => Placeholders;
  /** Attaches a program to a chain of TC. Default: by TCX, or by clsact where the kernel has none. */
  readonly attachAtTc?: typeof attachAtTc;
}

/** These errors do not depend on the hook. Trying the next hook would only hide them. */
const FINAL_ERRORS: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENODEV", "ENOMEM"]);

/**
 * @throws RingcapError of the last hook tried, or of native XDP where another program has that place; nothing is
 * attached then
 */
export function attach(target: CaptureInterface, hooks: readonly BpfHook[], attaching: Attaching): Attachment {
  const { settings } = attaching;
  let occupant: string | undefined;
  let taken: { hook: BpfHook; error: unknown } | undefined;
  for (const [index, hook] of hooks.entries()) {
    try {
      const attachment = attachAt(target, hook, attaching);
      if (occupant !== undefined) settings.onNote(`${target.name}: ${occupant}; capturing at ${hook}`);
      for (const note of attachment.checkPlace()) settings.onNote(`${target.name}: ${note}`);
      return attachment;
    } catch (error) {
      const errno = errnoOf(error);
      // The next hook may accept a program that the verifier refuses here.
      const isFinal = error instanceof RingcapError ? error.code !== "KERNEL" : FINAL_ERRORS.has(errno ?? "");
      if (index === hooks.length - 1 || errno === undefined || isFinal) {
        // The kernel refuses generic XDP so beside a program at native XDP.
        const told = (errno === "EEXIST" ? taken : undefined) ?? { hook, error };
        throw kernelError(`attach to ${target.name} (${told.hook})`, told.error);
      }
      // An XDP slot that is taken is worth a note. A driver without XDP is nothing unusual.
      if (errno === "EBUSY" || errno === "EEXIST") occupant = describeXdpOccupant(target.index);
      if (errno === "EBUSY") taken = { hook, error };
      settings.onDetail(`${target.name} at ${hook}: ${reasonOf(error)}`);
    }
  }
  throw new Error("no hook to try");
}

function attachAt(target: CaptureInterface, hook: BpfHook, attaching: Attaching): Attachment {
  const programs = attaching.programsFor(hook);
  if (hook !== "tc") {
    const mode = hook === "xdp-native" ? XdpFlags.NATIVE : XdpFlags.GENERIC;
    return new Attachment(hook, [programs.entryPoint("capture_xdp").attach(target.index, AttachType.XDP, mode)]);
  }
  const entryPoints = entryPointsFor(hook, target, attaching.settings.direction);
  const links: Link[] = [];
  try {
    for (const name of entryPoints) {
      const chain = { interfaceIndex: target.index, egress: isEgress(name) };
      links.push((attaching.attachAtTc ?? attachAtTc)(programs.entryPoint(name), chain, attaching));
    }
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
  return new Attachment(hook, links, entryPoints.every(isEgress) ? undefined : new XdpInFront(target.index));
}

const isEgress = (name: EntryPoint) => name === "capture_tc_egress";

/** Kernels before 6.6 do not know the attach types of TCX. */
function attachAtTc(program: BpfProgram, chain: Chain, { settings, placeholders }: Attaching): Link {
  if (!isAllowed("tcx")) return new ClsactLink(program, chain, settings.action, placeholders());
  try {
    return new TcxLink(program, chain, settings.action, placeholders());
  } catch (error) {
    if (errnoOf(error) !== "EINVAL") throw error;
    return new ClsactLink(program, chain, settings.action, placeholders());
  }
}

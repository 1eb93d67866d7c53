/** Attaches the capture program to an interface, at the first hook that takes it. */
import { errnoOf, kernelError, RingcapError, reasonOf } from "../errors.ts";
import type { BpfLink } from "../libbpf/link.ts";
import { AttachType, type BpfProgram, programName, XdpFlags } from "../libbpf/program.ts";
import { queryXdp } from "../libbpf/system.ts";
import { ClsactLink } from "./clsact-link.ts";
import { type BpfHook, entryPointsFor } from "./hooks.ts";
import type { CaptureInterface } from "./interfaces.ts";
import type { CaptureSettings } from "./options.ts";
import type { CapturePrograms } from "./programs.ts";

/** Something attached, which close() detaches. */
export type Link = Pick<BpfLink, "interfaceIndex" | "close">;

export interface Attachment {
  hook: BpfHook;
  links: Link[];
}

/** These do not depend on the hook: trying the next one would only hide them. */
const FINAL_ERRORS: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENODEV", "ENOMEM"]);

/** @throws RingcapError of the last hook tried; nothing is attached then */
export function attach(
  target: CaptureInterface,
  hooks: readonly BpfHook[],
  programsFor: (hook: BpfHook) => CapturePrograms,
  settings: CaptureSettings,
): Attachment {
  let occupant: string | undefined;
  for (const [index, hook] of hooks.entries()) {
    try {
      const links = attachAt(target, hook, programsFor(hook), settings);
      if (occupant !== undefined) settings.onNote(`${target.name}: ${occupant}; capturing at ${hook}`);
      return { hook, links };
    } catch (error) {
      const errno = errnoOf(error);
      // A program that the verifier refuses here may be taken there.
      const isFinal = error instanceof RingcapError ? error.code !== "KERNEL" : FINAL_ERRORS.has(errno ?? "");
      if (index === hooks.length - 1 || errno === undefined || isFinal) {
        throw kernelError(`attach to ${target.name} (${hook})`, error);
      }
      // A slot that is taken is worth a word; a driver without XDP is nothing unusual.
      if (errno === "EBUSY" || errno === "EEXIST") occupant = occupied(target);
      settings.onDetail(`${target.name} at ${hook}: ${reasonOf(error)}`);
    }
  }
  throw new Error("no hook to try");
}

function attachAt(
  target: CaptureInterface,
  hook: BpfHook,
  programs: CapturePrograms,
  settings: CaptureSettings,
): Link[] {
  if (hook !== "tc") {
    const mode = hook === "xdp-native" ? XdpFlags.NATIVE : XdpFlags.GENERIC;
    return [programs.entryPoint("capture_xdp").attach(target.index, AttachType.XDP, mode)];
  }
  const links: Link[] = [];
  try {
    for (const name of entryPointsFor(hook, settings.direction)) {
      links.push(attachAtTc(programs.entryPoint(name), target.index, name === "capture_tc_egress"));
    }
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
  return links;
}

/** Kernels before 6.6 do not know the attach types of TCX. */
function attachAtTc(program: BpfProgram, interfaceIndex: number, egress: boolean): Link {
  try {
    return program.attach(interfaceIndex, egress ? AttachType.TCX_EGRESS : AttachType.TCX_INGRESS);
  } catch (error) {
    if (errnoOf(error) !== "EINVAL") throw error;
    return new ClsactLink(program, interfaceIndex, egress);
  }
}

function occupied(target: CaptureInterface): string {
  try {
    const { mode, programId } = queryXdp(target.index);
    const name = programName(programId);
    return `XDP (${mode}) is taken by program ${programId}${name === undefined ? "" : ` "${name}"`}`;
  } catch (error) {
    return `XDP is taken (${reasonOf(error)})`;
  }
}

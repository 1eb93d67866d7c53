/** Attaches the capture program to an interface, at the first hook that takes it. */
import { errnoOf, kernelError, reasonOf } from "../errors.ts";
import type { BpfLink } from "../libbpf/link.ts";
import { AttachType, programName, XdpFlags } from "../libbpf/program.ts";
import { queryXdp } from "../libbpf/system.ts";
import { entryPointsFor, type Hook } from "./hooks.ts";
import type { CaptureInterface } from "./interfaces.ts";
import type { CaptureSettings } from "./options.ts";
import type { CapturePrograms } from "./programs.ts";

export interface Attachment {
  hook: Hook;
  links: BpfLink[];
}

/** These do not depend on the hook: trying the next one would only hide them. */
const FINAL_ERRORS: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENODEV", "ENOMEM"]);

/** @throws RingcapError of the last hook tried; nothing is attached then */
export function attach(
  target: CaptureInterface,
  hooks: readonly Hook[],
  programsFor: (hook: Hook) => CapturePrograms,
  settings: CaptureSettings,
): Attachment {
  const refusals: string[] = [];
  for (const [index, hook] of hooks.entries()) {
    const programs = programsFor(hook);
    try {
      const links = attachAt(target, hook, programs, settings);
      for (const refusal of refusals) settings.onNote(`${target.name}: ${refusal}; capturing at ${hook}`);
      return { hook, links };
    } catch (error) {
      const errno = errnoOf(error);
      if (index === hooks.length - 1 || errno === undefined || FINAL_ERRORS.has(errno)) {
        throw kernelError(`attach to ${target.name} (${hook})`, error);
      }
      // A slot that is taken is worth a word; a driver without XDP is nothing unusual.
      if (errno === "EBUSY" || errno === "EEXIST") refusals.splice(0, 1, occupied(target));
    }
  }
  throw new Error("no hook to try");
}

function attachAt(
  target: CaptureInterface,
  hook: Hook,
  programs: CapturePrograms,
  settings: CaptureSettings,
): BpfLink[] {
  if (hook !== "tc") {
    const mode = hook === "xdp-native" ? XdpFlags.NATIVE : XdpFlags.GENERIC;
    return [programs.entryPoint("capture_xdp").attach(target.index, AttachType.XDP, mode)];
  }
  const links: BpfLink[] = [];
  try {
    for (const name of entryPointsFor(hook, settings.direction)) {
      const attachType = name === "capture_tc_ingress" ? AttachType.TCX_INGRESS : AttachType.TCX_EGRESS;
      links.push(programs.entryPoint(name).attach(target.index, attachType));
    }
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
  return links;
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

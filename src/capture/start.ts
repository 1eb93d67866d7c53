/**
 * Starts a capture: it is checked and planned, then opened and attached. Where a step fails, nothing is left behind.
 */

import { CapturedInterfaces } from "../host/captured-interfaces.ts";
import { ClockSteps } from "../host/clock-steps.ts";
import { readKernelClocks } from "../host/kernel-clock.ts";
import { kernelError } from "../host/kernel-error.ts";
import { readClocks } from "../native/system.ts";
import { openSource } from "./open-source.ts";
import { outgoingNote } from "./outgoing-note.ts";
import type { CapturePlan } from "./plan.ts";
import type { CaptureSession } from "./session.ts";
import type { CaptureSource } from "./source.ts";

/** The class of the session, or a class that extends it. */
type SessionConstructor<Session extends CaptureSession> = new (
  ...parameters: ConstructorParameters<typeof CaptureSession>
) => Session;

/** Does what startCaptureAtOnce() does, and rejects where that throws. */
export async function startCapture<Session extends CaptureSession>(
  plan: CapturePlan,
  Session: SessionConstructor<Session>,
): Promise<Session> {
  return startCaptureAtOnce(plan, Session);
}

/**
 * Starts what was planned before it returns. Packets gather in the kernel from here on.
 *
 * @throws RingcapError INTERFACE, PRIVILEGE or KERNEL, with nothing left attached; the signal's reason
 */
export function startCaptureAtOnce<Session extends CaptureSession>(
  plan: CapturePlan,
  Session: SessionConstructor<Session>,
): Session {
  const { settings } = plan;
  settings.signal?.throwIfAborted();
  let interfaces: CapturedInterfaces | undefined;
  let source: CaptureSource | undefined;
  try {
    const clock = new ClockSteps(settings.hook === "packet" ? readClocks : readKernelClocks);
    interfaces = new CapturedInterfaces(plan.interfaces.map(({ target }) => target));
    source = openSource(plan, clock.epochOffset);
    tellOfOutgoing(plan, source);
    return new Session(settings, source, clock, interfaces);
  } catch (error) {
    interfaces?.close();
    source?.close();
    throw kernelError("start the capture", error);
  }
}

function tellOfOutgoing({ settings, interfaces }: CapturePlan, source: CaptureSource): void {
  if (settings.needs.completesChecksums) return;
  const hooks = new Map(source.interfaces.map(({ index, hook }) => [index, hook]));
  const outgoing = interfaces.flatMap(({ target }) => {
    const hook = hooks.get(target.index);
    return hook === undefined ? [] : [{ target, hook }];
  });
  const note = outgoingNote(settings.direction, outgoing, settings.needs.leavesChecksums);
  if (note !== undefined) settings.onNote(note);
}

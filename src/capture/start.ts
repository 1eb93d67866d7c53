/** How a capture begins: checked and planned, then opened and attached, with nothing left behind where that fails. */
import { kernelError } from "../errors.ts";
import { readClocks } from "../libbpf/system.ts";
import { CapturedInterfaces } from "./captured-interfaces.ts";
import { ClockSteps } from "./clock-steps.ts";
import { readKernelClocks } from "./kernel-clock.ts";
import { openSource } from "./open-source.ts";
import type { CaptureOptions } from "./options.ts";
import { outgoingNote } from "./outgoing-note.ts";
import { type CapturePlan, planCapture } from "./plan.ts";
import { CaptureSession } from "./session.ts";
import type { CaptureSource } from "./source.ts";

/**
 * Starts a capture: packets gather in the kernel from here on. Iterate over the session, once, to have them. Only the
 * iteration keeps the process alive: a session that is dropped ends with the process, or with the garbage.
 *
 * ```ts
 * const session = await capture({ interfaces: ["eth0"], filter: { port: "80", tcpFlags: "syn,!ack" } });
 * for await (const batch of session) {
 *   for (const packet of batch) console.log(packet.timestamp, packet.data);
 * }
 * console.log(session.counters());
 * ```
 *
 * @throws RingcapError USAGE, INTERFACE, PRIVILEGE or KERNEL, with nothing left attached; the signal's reason
 */
export async function capture(options: CaptureOptions = {}): Promise<CaptureSession> {
  options.signal?.throwIfAborted();
  return startCapture(planCapture(options));
}

/** @throws as capture() */
export async function startCapture(plan: CapturePlan): Promise<CaptureSession> {
  const { settings } = plan;
  settings.signal?.throwIfAborted();
  let interfaces: CapturedInterfaces | undefined;
  let source: CaptureSource | undefined;
  try {
    const clock = new ClockSteps(settings.hook === "packet" ? readClocks : readKernelClocks);
    interfaces = new CapturedInterfaces(plan.interfaces.map(({ target }) => target));
    source = openSource(plan, clock.epochOffset);
    tellOfOutgoing(plan, source);
    return new CaptureSession(settings, source, clock, interfaces);
  } catch (error) {
    interfaces?.close();
    source?.close();
    throw kernelError("start the capture", error);
  }
}

function tellOfOutgoing({ settings, interfaces }: CapturePlan, source: CaptureSource): void {
  const hooks = new Map(source.interfaces.map(({ index, hook }) => [index, hook]));
  const outgoing = interfaces.flatMap(({ target }) => {
    const hook = hooks.get(target.index);
    return hook === undefined ? [] : [{ target, hook }];
  });
  const note = outgoingNote(settings.direction, outgoing);
  if (note !== undefined) settings.onNote(note);
}

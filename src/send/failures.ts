/** Words the errors of an interface that refuses to send at all. */
import { errnoOf, RingcapError } from "../errors.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { SendInterface } from "./interface.ts";

/**
 * Errno values which say that the interface cannot take live frames, rather than that something is wrong with it. The
 * first two are one number.
 */
const NO_LIVE_FRAMES: ReadonlySet<string> = new Set(["EOPNOTSUPP", "ENOTSUP", "ENXIO"]);

export function refusesLiveFrames(errno: string | undefined): boolean {
  return errno !== undefined && NO_LIVE_FRAMES.has(errno);
}

/** @param error what the system call gave */
export function sendFailure(target: SendInterface, error: unknown): RingcapError {
  const operation = `send to ${target.name}`;
  const errno = errnoOf(error);
  if (errno === "ENETDOWN") {
    const hint = `bring it up: ip link set ${target.name} up`;
    return new RingcapError(`${operation}: the interface is down`, {
      code: "INTERFACE",
      operation,
      hint,
      cause: error,
    });
  }
  if (errno === "ENXIO" || errno === "ENODEV") {
    return new RingcapError(`${operation}: the interface is gone`, {
      code: "INTERFACE_REMOVED",
      operation,
      cause: error,
    });
  }
  return kernelError(operation, error);
}

/** @param errno with which the driver, or the kernel in front of it, refused live frames after it had taken some */
export function liveFailure(target: SendInterface, errno: string): RingcapError {
  if (!refusesLiveFrames(errno)) return sendFailure(target, Object.assign(new Error(errno), { code: errno }));
  const operation = `send to ${target.name}`;
  const message = `${operation}: it takes no live frames any more (${errno})`;
  const hint = "of a veth, the other end went down, or lost its XDP program or GRO";
  return new RingcapError(message, { code: "INTERFACE", operation, hint });
}

/** A veth accepts live frames only when its other end has NAPI (drivers/net/veth.c, veth_xdp_xmit). */
export function noLiveFrames(who: string): string {
  return `${who} takes no live frames: its driver cannot, or, of a veth, the other end has neither an XDP program nor GRO`;
}

export const LIVE_FRAMES_HINT =
  'for a veth run `ethtool -K <the other end> gro on` in the other end\'s namespace; otherwise use `engine: "socket"`';

/** The hint for users who want no other engine. */
export function liveFramesRefused(target: SendInterface): RingcapError {
  const operation = `send to ${target.name}`;
  return new RingcapError(`${operation}: ${noLiveFrames("it")}`, {
    code: "KERNEL",
    operation,
    hint: LIVE_FRAMES_HINT,
  });
}

/** Notes for captures of outgoing packets, which may be captured before they have the form in which they leave. */
import type { CaptureInterface } from "../host/interfaces.ts";
import type { Direction, Hook } from "../packets/captured.ts";

export interface OutgoingInterface {
  readonly target: Pick<CaptureInterface, "name" | "loopback" | "completesPackets">;
  readonly hook: Hook;
}

/**
 * The note for outgoing packets that have neither checksums nor the length of their segments yet. A packet socket sees
 * packets after the kernel's own part of that work (validate_xmit_skb() of net/core/dev.c), and so only what is left to
 * the interface is missing. TC sees packets before it, where TCP has no checksums yet, whatever the interface can do.
 *
 * @param leavesChecksums whether the sink cannot complete checksums, so that the note does not say how it would
 */
export function outgoingNote(
  direction: Direction,
  interfaces: readonly OutgoingInterface[],
  leavesChecksums = false,
): string | undefined {
  if (direction === "in") return undefined;
  const incomplete = interfaces.filter(({ target, hook }) => hook !== "packet" || target.completesPackets);
  const [first, ...others] = incomplete;
  if (first === undefined) return undefined;
  const names = incomplete.map(({ target }) => target.name).join(", ");
  const what = `packets that go out at ${names} are captured before checksums are computed and segments cut`;
  if (leavesChecksums) return what;
  const repair = '`checksum: "repair"` completes the checksums of those that are written';
  // The loopback interface does not let its checksums be switched off.
  if (incomplete.some(({ target }) => target.loopback)) return `${what}: ${repair}`;
  const name = others.length === 0 ? first.target.name : "<interface>";
  const hook = incomplete.some((captured) => captured.hook !== "packet") ? ' and `hook: "packet"`' : "";
  return `${what}: ${repair}; with ethtool -K ${name} tx off gso off${hook} they are as they leave`;
}

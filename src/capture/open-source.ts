/** Opens the source of packets: rings that BPF programs fill, or libpcap where BPF is refused. */
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";
import { BPF_CAPABILITIES } from "../host/kernel-error.ts";
import { mayLeaveOutCounts, tooManyToCount } from "./counts/count-options.ts";
import { OpenCapture } from "./open-capture.ts";
import { PcapSource } from "./pcap-source.ts";
import type { CapturePlan } from "./plan.ts";
import { optionBeyondPacket } from "./program-only-options.ts";
import type { CaptureSource } from "./source.ts";

/** What there is too little of. Their hints help. */
const SCARCITY = ["ENOMEM", "EMFILE", "ENFILE"];
/** Errors that would be the same without BPF, or whose hint helps. */
const NOT_ABOUT_BPF: ReadonlySet<string> = new Set(["ENODEV", "EINTR", ...SCARCITY]);
/** Errors that would be the same without counts. */
const NOT_ABOUT_COUNTS: ReadonlySet<string> = new Set(["ENODEV", "EINTR"]);

/**
 * Opens what the plan says, and starts capturing.
 *
 * @param epochOffset CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds
 * @throws RingcapError; nothing is left open or attached then
 */
export function openSource(plan: CapturePlan, epochOffset: bigint): CaptureSource {
  const { settings } = plan;
  if (settings.hook === "packet") return PcapSource.open(plan);
  const withoutCounts = (reason: string) => {
    settings.onDetail(`nothing is counted by key: ${reason}`);
    return openSource({ ...plan, settings: { ...settings, countedKeys: undefined } }, epochOffset);
  };
  const dear = tooManyToCount(settings, plan.interfaces.length);
  if (dear !== undefined) return withoutCounts(dear);
  try {
    return new OpenCapture(plan, epochOffset);
  } catch (error) {
    if (mayLeaveOutCounts(settings) && isRefusal(error, NOT_ABOUT_COUNTS)) return withoutCounts(reasonOf(error));
    if (settings.hook !== "auto" || !isRefusal(error, NOT_ABOUT_BPF)) throw error;
    return openWithoutBpf(plan, error);
  }
}

/** Whether the kernel refuses what a capture could do without. */
function isRefusal(error: unknown, others: ReadonlySet<string>): error is RingcapError {
  if (!(error instanceof RingcapError) || (error.code !== "PRIVILEGE" && error.code !== "KERNEL")) return false;
  return !others.has(errnoOf(error.cause) ?? "");
}

/** @param refusal what the kernel had against BPF @throws RingcapError that says both */
function openWithoutBpf(plan: CapturePlan, refusal: RingcapError): CaptureSource {
  const { settings } = plan;
  const beyond = optionBeyondPacket(settings);
  if (beyond === "counts") throw alsoSaying(refusal, "without BPF, packets are not counted by key");
  if (beyond !== undefined) throw alsoSaying(refusal, `without BPF, \`${beyond}\` cannot be done`);
  let source: CaptureSource;
  try {
    source = PcapSource.open(plan);
  } catch (error) {
    throw alsoSaying(refusal, `without BPF: ${reasonOf(error)}`);
  }
  const missing =
    refusal.code === "PRIVILEGE" ? `XDP and TC need ${BPF_CAPABILITIES}` : "`ringcap doctor` says what XDP and TC need";
  const [reason = "", ...verdict] = reasonOf(refusal).split("\n");
  settings.onNote(`${reason.replace(/:$/, "")}; capturing at packet, with libpcap: ${missing}`);
  if (verdict.length > 0) settings.onDetail(verdict.join("\n"));
  return source;
}

function alsoSaying(refusal: RingcapError, addition: string): RingcapError {
  const { code, operation, hint } = refusal;
  return new RingcapError(`${reasonOf(refusal)}; ${addition}`, { code, operation, hint, cause: refusal.cause });
}

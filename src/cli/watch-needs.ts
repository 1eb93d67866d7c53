/** What the rules of a watch ask of its capture. */
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { needsOf, type Trigger, unmetNeed } from "../flood/index.ts";
import { TRAFFIC_KEYS } from "../packets/index.ts";

/** What libpcap counts too. */
const COUNTED_ANYWHERE: ReadonlySet<string> = new Set([
  "packets",
  "ring-drops",
  "listen-overflows",
  "listen-drops",
  "cookies",
]);

/** Returns the option that makes the kernel count; undefined with libpcap, which counts packets alone. */
export function countsFor(hook: CaptureOptions["hook"]): CaptureOptions["counts"] {
  return hook === "packet" ? undefined : { keys: TRAFFIC_KEYS };
}

/** Refuses rules that a capture cannot measure. @throws RingcapError USAGE */
export function refuseUnmeasured(triggers: readonly Trigger[], { hook, direction }: CaptureOptions): void {
  const unmet = unmetNeed(needsOf(triggers), {
    keys: TRAFFIC_KEYS,
    bothDirections: direction === "inout",
    pressure: true,
  });
  if (unmet !== undefined) throw usageError("--trigger", `a rule needs ${unmet}`, "add -Q inout");
  if (hook !== "packet") return;
  const beyond = triggers.find(({ condition: { kind, subject } }) => {
    return kind === "key" || kind === "ratio" || !COUNTED_ANYWHERE.has(subject);
  });
  if (beyond === undefined) return;
  throw usageError(
    "--trigger",
    `libpcap counts packets alone, and not what "${beyond.text}" asks for`,
    "use --hook tc",
  );
}

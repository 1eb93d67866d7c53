/** What the rules of a watch ask of its capture. */
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { filterText, passableKinds } from "../filter/index.ts";
import { needsOf, type Trigger, uncountable, unmetNeed } from "../flood/index.ts";
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

/** Options that let only one direction of a connection pass, and what lets both pass. */
const ONE_DIRECTION = {
  sourcePort: "port",
  destinationPort: "port",
  sourceHost: "host",
  destinationHost: "host",
  sourceNetwork: "network",
  destinationNetwork: "network",
} as const;

/**
 * Returns what refuses rules that a capture cannot measure, which is called for other rules later too. The filter is
 * looked at once.
 *
 * @throws RingcapError USAGE, as the function that is returned does
 */
export function ruleCheck({ hook, direction, filter = {} }: CaptureOptions): (triggers: readonly Trigger[]) => void {
  const kinds = passableKinds(filter);
  return (triggers) => {
    refuseUnmeasured(triggers, { hook, direction });
    for (const trigger of triggers) {
      const { text } = trigger;
      const missing = uncountable(trigger, kinds);
      if (missing !== undefined) {
        const message = `"${text}" asks for ${missing}, which no packet has that passes ${filterText(filter) ?? "the filter"}`;
        throw usageError("--trigger", message, "take another rule, or another filter");
      }
      if (!needsOf([trigger]).bothDirections) continue;
      for (const [option, both] of Object.entries(ONE_DIRECTION) as [keyof typeof ONE_DIRECTION, string][]) {
        if (filter[option] === undefined) continue;
        const message = `"${text}" compares both directions, of which \`${option}\` lets one pass`;
        throw usageError("--trigger", message, `use \`${both}\``);
      }
    }
  };
}

function refuseUnmeasured(triggers: readonly Trigger[], { hook, direction }: CaptureOptions): void {
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

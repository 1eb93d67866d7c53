/**
 * Bounds the time of libpcap's optimiser. That time grows with the third power of an expression's length, and nothing
 * can interrupt it. Users who wait are told beforehand what to do instead, and an expression that would not come to an
 * end is refused.
 */
import { CLASSIC_INSTRUCTION } from "../generated/layouts.ts";
import { compilePcapFilter, type PcapFilterTarget } from "../native/pcap-filter.ts";

/** Characters: shorter ones are optimised in less than a tenth of a second. */
const SHORT = 2_000;
/** Numbers and addresses, some 30 instructions each: more take minutes even without the optimiser. */
const VALUES_MAX = 1_000;
/** Instructions before the optimiser, some 30 for each host: for so many it takes about a second. */
const SLOW = 6_000;
/**
 * From this many instructions the optimiser leaves more than a program may have, and takes half a minute and more: 800
 * hosts.
 */
const HOPELESS = 24_000;

const INSTEAD = '`host: "@file"`, `network: "@file"` and `port: "@file"` take 100,000 items at once';

/**
 * @returns what is to be said before the expression is compiled
 * @throws whatever `refuse` makes of the reason and a hint
 */
export function weighForOptimiser(
  text: string,
  target: PcapFilterTarget,
  refuse: (reason: string, hint: string) => Error,
): string | undefined {
  if (!target.optimise || text.length < SHORT) return undefined;
  const values = text.match(/\s[\w:][\w.:/-]*/g)?.filter((word) => /\d/.test(word)).length ?? 0;
  if (values > VALUES_MAX) throw refuse(`it has ${values} numbers and addresses, more than ${VALUES_MAX}`, INSTEAD);
  const { code } = compilePcapFilter(text, { ...target, optimise: false });
  const length = (code?.length ?? 0) / CLASSIC_INSTRUCTION.size;
  if (length > HOPELESS) {
    throw refuse(`it has ${length} instructions before libpcap's optimiser, which takes up to ${HOPELESS}`, INSTEAD);
  }
  if (length < SLOW) return undefined;
  return `libpcap needs some time for an expression of this length, up to a minute; ${INSTEAD}`;
}

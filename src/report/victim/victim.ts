/** How the target answered, as far as the packets and the kernel of its host tell. */
import type { SynTable } from "../analysis/syn-table.ts";
import type { VictimReport } from "../report.ts";
import type { Estimate } from "../values.ts";
import type { EndpointFacts } from "../verdict/endpoints/endpoint-facts.ts";

/**
 * @param target an address; undefined where the verdict has none
 * @returns null where there is no target and no kernel to tell of
 */
export function victimOf(
  target: string | undefined,
  endpoints: readonly EndpointFacts[],
  attempts: SynTable,
  kernel: VictimReport["kernel"],
): VictimReport | null {
  const facts = endpoints.find(({ address }) => address === target);
  if (facts === undefined && kernel === null) return null;
  const sent = facts?.sent ?? {};
  return {
    synAcks: sent.synAck?.packets ?? 0,
    rsts: sent.rst?.packets ?? 0,
    replies: Object.values(sent).reduce((sum, { packets }) => sum + packets, 0),
    retransmittedSyns: retransmitted(attempts),
    kernel,
  };
}

/** Attempts are sampled by their hash, so that the number has the error of counting those in the sample. */
function retransmitted(attempts: SynTable): Estimate {
  const { syns, attempts: first } = attempts.counts();
  const seen = syns - first;
  const oneIn = attempts.sampledOneIn;
  return { value: seen * oneIn, error: oneIn === 1 || seen === 0 ? 0 : 1 / Math.sqrt(seen) };
}

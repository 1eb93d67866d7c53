/** The number of a target's sources, which the evidence of spoofing counts more closely than the tally of all addresses. */
import type { SpoofingReport } from "../spoofing/spoofing-report.ts";
import type { EndpointFacts } from "./endpoints/endpoint-facts.ts";

/** Says that number of the target, too, so that a report has one number of one thing. */
export function withKnownSources(
  endpoints: readonly EndpointFacts[],
  { about: { classes, destination }, packets, uniqueSources }: SpoofingReport,
): readonly EndpointFacts[] {
  if (classes === null || destination === null) return endpoints;
  return endpoints.map((endpoint) => {
    if (endpoint.address !== destination) return endpoint;
    const known = classes.flatMap((name) => {
      const facts = endpoint.received[name];
      return facts === undefined ? [] : [[name, { ...facts, peers: uniqueSources.value }] as const];
    });
    // The evidence of a destination may begin later than the tally.
    const isWhole = packets >= known.reduce((sum, [, facts]) => sum + facts.packets, 0);
    return isWhole ? { ...endpoint, received: { ...endpoint.received, ...Object.fromEntries(known) } } : endpoint;
  });
}

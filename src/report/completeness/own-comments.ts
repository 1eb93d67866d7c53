/** The comments by which ringcap's own files say what was left out on purpose: see docs/pcapng.md. */

export interface Left {
  readonly sampledOut: number;
  readonly rateLimited: number;
}

const LEFT_OUT = /^of all interfaces: (\d+ [a-z ]+(?:, \d+ [a-z ]+)*)$/;
const STEP = /^(every packet|one packet in \d+) is recorded from here on$/;

/** Reads the comment on the statistics of the first interface; undefined for any other comment. */
export function leftOutBy(comment: string): Left | undefined {
  const [, parts] = LEFT_OUT.exec(comment) ?? [];
  if (parts === undefined) return undefined;
  const numbers = new Map(parts.split(", ").map((part) => [part.replace(/^\d+ /, ""), Number.parseInt(part, 10)]));
  return { sampledOut: numbers.get("sampled out") ?? 0, rateLimited: numbers.get("beyond the rate limit") ?? 0 };
}

/** Returns the remark of an incident on its sampling; undefined for any other comment. */
export function samplingOf(comment: string): string | undefined {
  return STEP.exec(comment)?.[0];
}

/**
 * Makes the verifier forget registers where paths meet. There the verifier goes on once for each different state, and
 * the number of states can double at every meeting. A register that is still needed is forgotten, and all states are
 * then one.
 */
import { type Block, type Place, predecessors, readsOf, type Step, successors, writeOf } from "./flow.ts";

export function forgetAtJoins(blocks: readonly Block[]): Block[] {
  const before = predecessors(blocks);
  const live = findLive(blocks);
  return blocks.map((block, index) => {
    if ((before[index]?.length ?? 0) < 2) return block;
    const needed = live[index] ?? new Set();
    const forgotten = (["A", "X"] as const).filter((register) => needed.has(register));
    return { ...block, steps: [...forgotten.map((register): Step => ({ kind: "forget", register })), ...block.steps] };
  });
}

/** What each block or a later one reads before it writes it. */
function findLive(blocks: readonly Block[]): Set<Place>[] {
  const liveAtStart: Set<Place>[] = blocks.map(() => new Set());
  for (const [index, block] of [...blocks.entries()].reverse()) {
    const live = liveAtStart[index] ?? new Set();
    for (const target of successors(block.ending)) for (const place of liveAtStart[target] ?? []) live.add(place);
    for (const step of [...block.steps, block.ending].reverse()) {
      const written = writeOf(step);
      if (written !== undefined) live.delete(written);
      for (const place of readsOf(step)) live.add(place);
    }
  }
  return liveAtStart;
}

/**
 * Finds the registers and scratch words that some path reads before it has written them. They begin as zero in classic
 * BPF, and the verifier refuses to read what was never written.
 */
import { type Block, type Place, predecessors, readsOf, writeOf } from "./flow.ts";

export function findUninitialised(blocks: readonly Block[]): Set<Place> {
  const before = predecessors(blocks);
  const writtenAtEnd: Set<Place>[] = [];
  const uninitialised = new Set<Place>();
  for (const [index, block] of blocks.entries()) {
    const written = writtenOnAllPaths((before[index] ?? []).map((block) => writtenAtEnd[block] ?? new Set()));
    for (const step of [...block.steps, block.ending]) {
      for (const place of readsOf(step)) if (!written.has(place)) uninitialised.add(place);
      const place = writeOf(step);
      if (place !== undefined) written.add(place);
    }
    writtenAtEnd.push(written);
  }
  return uninitialised;
}

function writtenOnAllPaths(paths: readonly ReadonlySet<Place>[]): Set<Place> {
  const [first, ...others] = paths;
  return new Set([...(first ?? [])].filter((place) => others.every((path) => path.has(place))));
}

/**
 * Makes one bounds check serve a chain of loads. A load beyond the end of the packet means that the packet does not
 * match. A check may therefore move up to the first place from which every path that can still match needs it.
 */
import { type Block, type Ending, predecessors, type Step, successors, writeOf } from "./flow.ts";

/** A guard may ask for anything where nothing can match any more. */
const NO_MATCH = Number.POSITIVE_INFINITY;

/** Bytes asked for at the start of a block, from the packet's start and from X on. */
interface Needs {
  readonly fixed: number;
  readonly indexed: number;
}

export function guardPacket(blocks: readonly Block[]): Block[] {
  const needs = findNeeds(blocks);
  const before = predecessors(blocks);
  const atEnd: Needs[] = [];
  return blocks.map((block, index) => {
    const needed = needs[index] ?? { fixed: 0, indexed: 0 };
    const given = weakest((before[index] ?? []).map((block) => atEnd[block] ?? { fixed: 0, indexed: 0 }));
    const { steps, guaranteed } = guardBlock(block, needed, needsAfter(block.ending, needs), given);
    atEnd.push(guaranteed);
    return { ...block, steps };
  });
}

function guardBlock(block: Block, needed: Needs, after: Needs, given: Needs): { steps: Step[]; guaranteed: Needs } {
  const steps: Step[] = [];
  let { fixed, indexed } = given;
  const guardIndexed = (end: number): void => {
    if (end <= indexed) return;
    steps.push({ kind: "guard-indexed", end });
    indexed = end;
  };
  const fixedEnd = needed.fixed === NO_MATCH ? ownFixedEnd(block.steps) : needed.fixed;
  if (fixedEnd > fixed) {
    steps.push({ kind: "guard", end: fixedEnd });
    fixed = fixedEnd;
  }
  guardIndexed(indexedEnd(block.steps, after));
  for (const [position, step] of block.steps.entries()) {
    steps.push(step);
    if (writeOf(step) !== "X") continue;
    indexed = 0;
    guardIndexed(indexedEnd(block.steps.slice(position + 1), after));
  }
  return { steps, guaranteed: { fixed, indexed } };
}

function findNeeds(blocks: readonly Block[]): Needs[] {
  const needs: Needs[] = [];
  for (const [index, block] of [...blocks.entries()].reverse()) {
    const after = needsAfter(block.ending, needs);
    const changesX = block.steps.some((step) => writeOf(step) === "X");
    needs[index] = {
      fixed: Math.max(ownFixedEnd(block.steps), after.fixed),
      indexed: changesX ? ownIndexedEnd(block.steps) : Math.max(ownIndexedEnd(block.steps), after.indexed),
    };
  }
  return needs;
}

function needsAfter(ending: Ending, needs: readonly Needs[]): Needs {
  if (ending.kind === "return") {
    const need = ending.value === 0 ? NO_MATCH : 0;
    return { fixed: need, indexed: need };
  }
  return weakest(successors(ending).map((target) => needs[target] ?? { fixed: 0, indexed: 0 }));
}

/** The bytes that all paths ask for. */
function weakest(paths: readonly Needs[]): Needs {
  if (paths.length === 0) return { fixed: 0, indexed: 0 };
  return {
    fixed: Math.min(...paths.map(({ fixed }) => fixed)),
    indexed: Math.min(...paths.map(({ indexed }) => indexed)),
  };
}

function ownFixedEnd(steps: readonly Step[]): number {
  const ends = steps.map((step) => {
    if (step.kind === "load-header-length") return step.offset + 1;
    return step.kind === "load-packet" && !step.indexed ? step.offset + step.size : 0;
  });
  return Math.max(0, ...ends);
}

/** The bytes that the loads before a change of X ask for. */
function ownIndexedEnd(steps: readonly Step[]): number {
  let end = 0;
  for (const step of steps) {
    if (step.kind === "load-packet" && step.indexed) end = Math.max(end, step.offset + step.size);
    if (writeOf(step) === "X") break;
  }
  return end;
}

/**
 * What a guard at the first of the steps may ask for: the loads of these steps, and what follows where X is unchanged
 * there.
 */
function indexedEnd(steps: readonly Step[], after: Needs): number {
  const own = ownIndexedEnd(steps);
  if (steps.some((step) => writeOf(step) === "X") || after.indexed === NO_MATCH) return own;
  return Math.max(own, after.indexed);
}

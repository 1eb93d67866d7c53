/** What the compiler has found out about a program before it emits anything. */
import type { Block, Place, Step } from "./flow.ts";

export interface Analysis {
  readonly blocks: readonly Block[];
  /** Registers and words that are read before they are written. */
  readonly uninitialised: ReadonlySet<Place>;
  readonly readsLength: boolean;
  /** Whether the program knows that a tag may lie beside the bytes. It then sees the bytes without the tag. */
  readonly readsTagMetadata: boolean;
}

export function analyse(blocks: readonly Block[], uninitialised: ReadonlySet<Place>): Analysis {
  const steps: Step[] = blocks.flatMap((block) => block.steps);
  return {
    blocks,
    uninitialised,
    readsLength: steps.some(({ kind }) => kind === "load-length"),
    readsTagMetadata: steps.some((step) => step.kind === "load-ancillary" && step.field.startsWith("vlan-")),
  };
}

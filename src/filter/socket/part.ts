/** The state that the pieces of a packet socket's program share while they build it. */
import * as layout from "../../generated/layouts.ts";
import type { ClassicBuilder } from "../classic/builder.ts";
import type { FilterContents } from "./contents.ts";

export const ANY_PORT = layout.FILTER_PORT | layout.FILTER_SOURCE_PORT | layout.FILTER_DESTINATION_PORT;
export const ANY_TRANSPORT = ANY_PORT | layout.FILTER_TCP_FLAGS;
export const ANY_ADDRESS =
  layout.FILTER_HOST |
  layout.FILTER_SOURCE_HOST |
  layout.FILTER_DESTINATION_HOST |
  layout.FILTER_NETWORK |
  layout.FILTER_SOURCE_NETWORK |
  layout.FILTER_DESTINATION_NETWORK;

/** Which field of a packet a set is about. */
export interface SetCheck {
  readonly check: number;
  readonly set: number;
  readonly at: "source" | "destination" | "either";
}

export interface Part {
  readonly builder: ClassicBuilder;
  readonly contents: FilterContents;
  /** enum filter_check: those that the program makes. */
  readonly checks: number;
  /** Offset of the network header; 0 where there is no link layer. */
  readonly network: number;
  /** The place where the program goes on when it has passed all its checks. */
  readonly matched: string;
  readonly reject: string;
  readonly undecided: string;
}

export function asks({ checks }: Part, any: number): boolean {
  return (checks & any) !== 0;
}

/** Rejects the packet unless A is one of the values. */
export function requireOneOf({ builder, reject }: Part, values: readonly number[]): void {
  const found = builder.newPlace();
  for (const value of values) builder.when("equal", value, found);
  builder.goto(reject);
  builder.place(found);
}

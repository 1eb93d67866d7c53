/** Tests of addresses in the program of a packet socket. */
import * as layout from "../../generated/layouts.ts";
import type { ClassicBuilder } from "../classic/builder.ts";
import type { NetworkEntry } from "./contents.ts";
import { asks, type Part, type SetCheck } from "./part.ts";

const CHECKS: readonly SetCheck[] = [
  { check: layout.FILTER_SOURCE_HOST, set: layout.NETWORK_SET_SOURCE_HOST, at: "source" },
  { check: layout.FILTER_DESTINATION_HOST, set: layout.NETWORK_SET_DESTINATION_HOST, at: "destination" },
  { check: layout.FILTER_HOST, set: layout.NETWORK_SET_HOST, at: "either" },
  { check: layout.FILTER_SOURCE_NETWORK, set: layout.NETWORK_SET_SOURCE_NETWORK, at: "source" },
  { check: layout.FILTER_DESTINATION_NETWORK, set: layout.NETWORK_SET_DESTINATION_NETWORK, at: "destination" },
  { check: layout.FILTER_NETWORK, set: layout.NETWORK_SET_NETWORK, at: "either" },
];

/** Rejects packets whose addresses, which are at these offsets and whole, are not those wanted. */
export function appendAddresses(part: Part, version: 4 | 6, source: number, destination: number): void {
  const { builder, contents } = part;
  for (const { check, set, at } of CHECKS) {
    if (!asks(part, check)) continue;
    const found = builder.newPlace();
    const entries = contents.networks.filter((entry) => entry.set === set && entry.version === version);
    if (at !== "destination") for (const entry of entries) appendEntry(builder, entry, source, found);
    if (at !== "source") for (const entry of entries) appendEntry(builder, entry, destination, found);
    builder.goto(part.reject);
    builder.place(found);
  }
}

function appendEntry(builder: ClassicBuilder, entry: NetworkEntry, offset: number, found: string): void {
  const next = builder.newPlace();
  for (let word = 0; word * 32 < entry.prefixLength; word++) {
    const bits = Math.min(32, entry.prefixLength - word * 32);
    const mask = bits === 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
    builder.load(4, offset + word * 4);
    if (bits < 32) builder.and(mask);
    builder.unless("equal", ((entry.address[word] ?? 0) & mask) >>> 0, next);
  }
  builder.goto(found);
  builder.place(next);
}

/** Tests of TCP flags and ports in the program of a packet socket. */
import * as layout from "../../generated/layouts.ts";
import type { PortRange } from "./contents.ts";
import { asks, type Part, requireOneOf, type SetCheck } from "./part.ts";

const [TCP, UDP, SCTP] = [6, 17, 132];

const PORT_CHECKS: readonly SetCheck[] = [
  { check: layout.FILTER_SOURCE_PORT, set: layout.PORT_SET_SOURCE, at: "source" },
  { check: layout.FILTER_DESTINATION_PORT, set: layout.PORT_SET_DESTINATION, at: "destination" },
  { check: layout.FILTER_PORT, set: layout.PORT_SET_EITHER, at: "either" },
];

/** Rejects packets whose protocol, in the byte at the offset, does not have what the filter asks for. */
export function appendTransportProtocol(part: Part, offset: number): void {
  part.builder.load(1, offset);
  requireOneOf(part, asks(part, layout.FILTER_TCP_FLAGS) ? [TCP] : [TCP, UDP, SCTP]);
}

/** The rest of the program for packets whose transport header is X bytes behind the network header. */
export function appendTransport(part: Part): void {
  const { builder, contents, network, reject } = part;
  if (asks(part, layout.FILTER_TCP_FLAGS)) {
    builder.loadIndexed(1, network + 13);
    builder.and(contents.tcpFlagsMask);
    builder.unless("equal", contents.tcpFlagsValue, reject);
  }
  for (const { check, set, at } of PORT_CHECKS) {
    if (!asks(part, check)) continue;
    const found = builder.newPlace();
    const offsets = at === "either" ? [0, 2] : [at === "source" ? 0 : 2];
    for (const offset of offsets) {
      builder.loadIndexed(2, network + offset);
      for (const range of contents.ports[set] ?? []) appendRange(part, range, found);
    }
    builder.goto(reject);
    builder.place(found);
  }
  builder.goto(part.matched);
}

function appendRange({ builder }: Part, { first, last }: PortRange, found: string): void {
  if (first === last) {
    builder.when("equal", first, found);
    return;
  }
  const above = builder.newPlace();
  builder.when("greater", last, above);
  builder.when("greater-or-equal", first, found);
  builder.place(above);
}

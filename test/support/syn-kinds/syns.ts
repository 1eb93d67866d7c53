/** SYNs for tests, whose ports, sequence numbers and addresses are others in each packet. */
import { ethernet, ipv4, ipv6, type Segment, tcp, tcpOption } from "../frames.ts";

export interface SynKind {
  /** In p0f's notation. Null: it has no fingerprint, and no filter may choose it. */
  readonly tuple: string | null;
  readonly label?: string | null;
  /** The frame of the packet with this number, from 0. What real senders vary is varied by it. */
  readonly frame: (number: number) => Uint8Array;
}

export const {
  maximumSegmentSize: mss,
  windowScale: ws,
  selectiveAcknowledgmentPermitted: sok,
  timestamps: ts,
} = tcpOption;
export const nop = tcpOption.noOperation;

interface Syn {
  readonly window?: number;
  readonly options?: (number: number) => readonly number[];
  readonly tcp?: (number: number) => Parameters<typeof tcp>[0];
}

/** A SYN whose ports, sequence number and addresses are others in each packet. */
export function syn(number: number, { window = 64_240, options, tcp: more }: Syn): Segment {
  return tcp({
    sourcePort: 1024 + number,
    destinationPort: 80 + (number % 3),
    sequence: 0x1234_5601 + number * 7919,
    window,
    options: options?.(number) ?? [],
    ...more?.(number),
  });
}

type Ipv4 = Partial<Parameters<typeof ipv4>[0]>;
type Ipv6 = Partial<Parameters<typeof ipv6>[0]>;

export function packet4(number: number, what: Syn, more: Ipv4 = {}): Uint8Array {
  return ipv4({
    source: `192.0.2.${1 + (number % 200)}`,
    identification: 100 + number,
    dontFragment: true,
    payload: syn(number, what),
    ...more,
  });
}

export function packet6(number: number, what: Syn, more: Ipv6 = {}): Uint8Array {
  return ipv6({ source: `2001:db8::${1 + number}`, payload: syn(number, what), ...more });
}

export function v4(what: Syn, more: Ipv4 = {}): (number: number) => Uint8Array {
  return (number) => ethernet({ payload: packet4(number, what, more), minimumLength: 60 });
}

export function v6(what: Syn, more: Ipv6 = {}): (number: number) => Uint8Array {
  return (number) => ethernet({ payload: packet6(number, what, more) });
}

/** The frame with bits set in some of its bytes. */
export function withBits(frame: (number: number) => Uint8Array, bits: Readonly<Record<number, number>>) {
  return (number: number) => {
    const bytes = frame(number);
    for (const [at, mask] of Object.entries(bits)) bytes[Number(at)] = (bytes[Number(at)] ?? 0) | mask;
    return bytes;
  };
}

export const linux = (number: number) => [...mss(1460), ...sok, ...ts(1_000_000 + number), ...nop, ...ws(7)];
export const windows = () => [...mss(1460), ...nop, ...ws(8), ...nop, ...nop, ...sok];
export const apple = (number: number) => [
  ...mss(1460),
  ...nop,
  ...ws(6),
  ...nop,
  ...nop,
  ...ts(77 + number),
  ...sok,
  0,
  0,
];
/** Offsets within a frame without tags. */
export const IP_FLAGS = 14 + 6;
export const TCP_OFFSET = 14 + 20 + 12;

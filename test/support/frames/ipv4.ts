import { ipv4Bytes, receiver, sender } from "./addresses.ts";
import { type Bytes, concatenate, internetChecksum, padTo, u16, withU16 } from "./bytes.ts";
import type { Segment } from "./segment.ts";

export interface Ipv4Options {
  readonly source?: string;
  readonly destination?: string;
  readonly typeOfService?: number;
  readonly identification?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly timeToLive?: number;
  /** Header options, padded to a multiple of 4 bytes. */
  readonly options?: Bytes;
  readonly payload: Segment;
  /** The header length field in 32-bit words, if it shall not be the true one. */
  readonly internetHeaderLength?: number;
}

/** An IPv4 packet (RFC 791). */
export function ipv4(options: Ipv4Options): Uint8Array {
  const { typeOfService = 0, identification = 0, dontFragment = false, moreFragments = false } = options;
  const { fragmentOffset = 0, timeToLive = 64, payload } = options;
  if (fragmentOffset % 8 !== 0) {
    throw new Error(`a fragment offset is a multiple of 8 bytes, not ${fragmentOffset}`);
  }
  const source = ipv4Bytes(options.source ?? sender.ipv4);
  const destination = ipv4Bytes(options.destination ?? receiver.ipv4);
  const headerOptions = padTo(4, options.options ?? []);
  const words = 5 + headerOptions.length / 4;
  const body = payload.build({ source, destination });
  const header = concatenate(
    [0x40 | (options.internetHeaderLength ?? words), typeOfService],
    u16(words * 4 + body.length),
    u16(identification),
    u16((Number(dontFragment) << 14) | (Number(moreFragments) << 13) | (fragmentOffset / 8)),
    [timeToLive, payload.protocol],
    u16(0),
    source,
    destination,
    headerOptions,
  );
  return concatenate(withU16(header, 10, internetChecksum(header)), body);
}

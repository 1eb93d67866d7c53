/** The bytes of a batch while the addresses in them are replaced, and the repair of the checksums over them. */
import type { Anonymizer } from "../anonymizer.ts";

/** Returns the one's complement sum in 16 bits (RFC 1071). */
export function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest % 0x1_0000) + Math.floor(rest / 0x1_0000);
  return rest;
}

/** Replaces the addresses of a header and of what is in it. @returns where the kept bytes end */
type RewriteLayer = (rewriting: Rewriting, at: number, end: number, depth: number) => number;

/** The layers that can be in any other one: a packet may be in a packet. */
export interface Layers {
  readonly ipv4: RewriteLayer;
  readonly ipv6: RewriteLayer;
  readonly ethernet: RewriteLayer;
  readonly etherType: (rewriting: Rewriting, type: number, at: number, end: number, depth: number) => number;
}

export class Rewriting {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly layers: Layers;
  readonly anonymizer: Anonymizer;
  /** Whether what TCP, UDP and the like carry is kept. */
  readonly keepsPayload: boolean;
  /** Whether something of the packet is of no kind that is understood, and was cut off. */
  wasCut = false;

  constructor(bytes: Uint8Array, layers: Layers, anonymizer: Anonymizer, keepsPayload: boolean) {
    this.bytes = bytes;
    this.layers = layers;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.anonymizer = anonymizer;
    this.keepsPayload = keepsPayload;
  }

  uint8(at: number): number {
    return this.bytes[at] ?? 0;
  }

  uint16(at: number): number {
    return this.view.getUint16(at);
  }

  mac(at: number): void {
    this.anonymizer.mac(this.view, at);
  }

  ipv4(at: number): void {
    this.view.setUint32(at, this.anonymizer.ipv4(this.view.getUint32(at)));
  }

  ipv6(at: number): void {
    const { view } = this;
    const mapped = this.anonymizer.ipv6(
      view.getUint32(at),
      view.getUint32(at + 4),
      view.getUint32(at + 8),
      view.getUint32(at + 12),
    );
    for (let word = 0; word < 4; word++) view.setUint32(at + word * 4, mapped[word] ?? 0);
  }

  /** Replaces the addresses from `at` on, as many as are whole. @returns where they end */
  addresses(version: 4 | 6, at: number, count: number, end: number): number {
    const length = version === 4 ? 4 : 16;
    let next = at;
    for (let left = count; left > 0 && next + length <= end; left--, next += length) {
      if (version === 4) this.ipv4(next);
      else this.ipv6(next);
    }
    return next;
  }

  /** Cuts off the rest of a packet, which is of no kind that is understood. @returns where the packet ends then */
  cut(at: number): number {
    this.wasCut = true;
    return at;
  }

  /** The sum of the 16-bit words of some bytes, not folded. */
  sum(start: number, end: number): number {
    let sum = 0;
    let at = start;
    for (; at + 2 <= end; at += 2) sum += this.view.getUint16(at);
    return at < end ? sum + (this.uint8(at) << 8) : sum;
  }

  /**
   * Repairs a checksum after bytes that it covers were changed, from its old value (RFC 1624, equation 3): one that was
   * wrong is wrong afterwards.
   *
   * @param before the sum of these bytes before @param after their sum afterwards
   */
  repair(field: number, before: number, after: number): void {
    const old = folded(before);
    const change = folded(after);
    if (old === change) return;
    this.view.setUint16(field, 0xffff - folded(0xffff - this.uint16(field) + (0xffff - old) + change));
  }
}

/** A condition of a packet, in the languages of pcap-filter(7) and of Wireshark's display filters (wireshark-filter(4)). */

export interface Condition {
  readonly expression: string;
  readonly display: string;
}

/** Both languages read a value from a header at an offset: tcp[14:2]. */
export function loaded(header: string, offset: number, size: number): string {
  return size === 1 ? `${header}[${offset}]` : `${header}[${offset}:${size}]`;
}

export function hexadecimal(bytes: readonly number[]): string {
  return `0x${bytes.map(twoDigits).join("")}`;
}

/** Bytes as Wireshark writes them: 02:04. */
export function colonSeparated(bytes: readonly number[]): string {
  return bytes.map(twoDigits).join(":");
}

function twoDigits(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The sizes in bytes, 4, 2 and 1, of the loads that a stretch of bytes takes. */
export function loadSizes(length: number): number[] {
  const sizes: number[] = [];
  for (let rest = length; rest > 0; ) {
    const size = rest >= 4 ? 4 : rest >= 2 ? 2 : 1;
    sizes.push(size);
    rest -= size;
  }
  return sizes;
}

/** What is odd about a SYN, by p0f's names (README of p0f 3, "TCP signatures"). */

/** Of the headers of IP and TCP. Each is a bit of SynKey.traits. */
export const QUIRK_DF = 1 << 8;
export const QUIRK_ID_NOT_ZERO = 1 << 9;
export const QUIRK_ID_ZERO = 1 << 10;
export const QUIRK_ECN = 1 << 11;
export const QUIRK_RESERVED = 1 << 12;
export const QUIRK_FLOW = 1 << 13;
export const QUIRK_SEQUENCE_ZERO = 1 << 14;
export const QUIRK_ACKNOWLEDGEMENT = 1 << 15;
export const QUIRK_URGENT_POINTER = 1 << 16;
export const QUIRK_URG = 1 << 17;
export const QUIRK_PSH = 1 << 18;

/** In the order in which p0f writes them. Those of the options follow them. */
const NAMES: readonly (readonly [number, string])[] = [
  [QUIRK_DF, "df"],
  [QUIRK_ID_NOT_ZERO, "id+"],
  [QUIRK_ID_ZERO, "id-"],
  [QUIRK_ECN, "ecn"],
  [QUIRK_RESERVED, "0+"],
  [QUIRK_FLOW, "flow"],
  [QUIRK_SEQUENCE_ZERO, "seq-"],
  [QUIRK_ACKNOWLEDGEMENT, "ack+"],
  [QUIRK_URGENT_POINTER, "uptr+"],
  [QUIRK_URG, "urgf+"],
  [QUIRK_PSH, "pushf+"],
];

export function headerQuirks(traits: number): string[] {
  return NAMES.filter(([bit]) => (traits & bit) !== 0).map(([, name]) => name);
}

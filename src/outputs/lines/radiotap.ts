/** The radiotap header, which drivers put before 802.11 frames (https://www.radiotap.org). */
import type { Line } from "./line.ts";

/** Bits of the field Flags. */
const FLAG_WEP = 0x04;
const FLAG_FRAGMENTED = 0x08;
const FLAG_FCS = 0x10;
const FLAG_PAD = 0x20;
const FLAG_BAD_FCS = 0x40;
const FLAG_SHORT_PREAMBLE = 0x02;
const FLAG_CONTENTION_FREE = 0x01;
/** The most presence words that are read. A header with more serves to exhaust its reader. */
const MOST_WORDS = 32;

export interface RadiotapHeader {
  readonly length: number;
  readonly hasFcs: boolean;
  readonly isPadded: boolean;
}

/** Alignment and size in bytes of each field, by its bit. */
const FIELDS: readonly (readonly [alignment: number, size: number] | undefined)[] = [
  [8, 8],
  [1, 1],
  [1, 1],
  [2, 4],
  [1, 2],
  [1, 1],
  [1, 1],
  [2, 2],
  [2, 2],
  [2, 2],
  [1, 1],
  [1, 1],
  [1, 1],
  [1, 1],
  [2, 2],
  undefined,
  undefined,
  undefined,
  [4, 8],
  [1, 3],
  [4, 8],
  [2, 12],
];

/** Prints text such as `10016360us tsft 1.0 Mb/s 2412 MHz 11b -22dBm signal antenna 1 `. */
export function printRadiotapFields(line: Line, at: number, length: number): RadiotapHeader {
  let words = 1;
  while (words < MOST_WORDS && (line.u32le(at + 4 * words) & 0x80000000) !== 0) words++;
  let place = at + 4 + 4 * words;
  let flags = 0;
  const state = { seenFlags: false };
  for (let word = 0; word < words; word++) {
    const present = line.u32le(at + 4 + 4 * word);
    // A presence word may begin the fields of another name space.
    const first = word > 0 && (line.u32le(at + 4 * word) & 0x20000000) === 0 ? 32 * word : 0;
    for (let bit = 0; bit < 29; bit++) {
      if ((present & (1 << bit)) === 0) continue;
      const field = FIELDS[first + bit];
      if (field === undefined) {
        line.add(`[bit ${first + bit}] `);
        return finish(flags, length);
      }
      const [alignment, size] = field;
      place = at + Math.ceil((place - at) / alignment) * alignment;
      if (place + size > at + length) {
        line.mark();
        return finish(flags, length);
      }
      if (bit === 1 && !state.seenFlags) {
        flags = line.u8(place);
        state.seenFlags = true;
      }
      printField(line, bit, place, present);
      place += size;
    }
  }
  return finish(flags, length);
}

function finish(flags: number, length: number): RadiotapHeader {
  return { length, hasFcs: (flags & FLAG_FCS) !== 0, isPadded: (flags & FLAG_PAD) !== 0 };
}

function signed(value: number): number {
  return (value << 24) >> 24;
}

function printField(line: Line, bit: number, at: number, present: number): void {
  switch (bit) {
    case 0:
      return line.add(`${(BigInt(line.u32le(at + 4)) << 32n) | BigInt(line.u32le(at))}us tsft `);
    case 1:
      return line.add(flagText(line.u8(at)));
    case 2: {
      const rate = line.u8(at);
      // The field holds a basic rate, or an index of 802.11n.
      return line.add(rate >= 0x80 && rate <= 0x8f ? `MCS ${rate & 0x7f} ` : `${(rate / 2).toFixed(1)} Mb/s `);
    }
    case 3:
      return line.add(channelText(line.u16le(at), line.u16le(at + 2), (present & HAS_RATE_INDEX) !== 0));
    case 4:
      return line.add(`fhset ${line.u8(at)} fhpat ${line.u8(at + 1)} `);
    case 5:
      return line.add(`${signed(line.u8(at))}dBm signal `);
    case 6:
      return line.add(`${signed(line.u8(at))}dBm noise `);
    case 7:
      return line.add(`${line.u16le(at)} sq `);
    case 8:
      return line.add(`${-line.u16le(at)} tx power `);
    case 9:
      return line.add(`${(-line.u8(at) / 1).toFixed(2)}dB tx attenuation `);
    case 10:
      return line.add(`${signed(line.u8(at))}dBm tx power `);
    case 11:
      return line.add(`antenna ${line.u8(at)} `);
    case 12:
      return line.add(`${line.u8(at)}dB signal `);
    case 13:
      return line.add(`${line.u8(at)}dB noise `);
    case 14:
      return line.u16le(at) === 0 ? undefined : line.add("bad plcp ");
    case 18:
      return line.add(extendedChannelText(line.u32le(at), line.u16le(at + 4)));
    case 19:
      return printRateIndex(line, at);
    default:
      return;
  }
}

function flagText(flags: number): string {
  const texts = [
    [FLAG_CONTENTION_FREE, "cfp "],
    [FLAG_SHORT_PREAMBLE, "short preamble "],
    [FLAG_WEP, "wep "],
    [FLAG_FRAGMENTED, "fragmented "],
    [FLAG_BAD_FCS, "bad-fcs "],
  ] as const;
  return texts.map(([bit, text]) => ((flags & bit) === 0 ? "" : text)).join("");
}

/** The bit of the field of 802.11n. */
const HAS_RATE_INDEX = 1 << 19;
const FREQUENCY_HOPPING = 0x0800;
const BAND_5_GHZ = 0x0100;
const HALF = 0x4000;
const QUARTER = 0x8000;
const OFDM = 0x0040;
const CCK = 0x0020;
const TURBO = 0x0010;
const DYNAMIC = 0x0400;
const BAND_2_GHZ = 0x0080;

function channelText(frequency: number, flags: number, isHighThroughput: boolean): string {
  let text = `${frequency} MHz`;
  if (isHighThroughput) return `${text} 11n `;
  if ((flags & FREQUENCY_HOPPING) !== 0) text += " FH";
  const is5 = (flags & (BAND_5_GHZ | OFDM)) === (BAND_5_GHZ | OFDM);
  if (is5) text += (flags & HALF) !== 0 ? " 11a/10Mhz" : (flags & QUARTER) !== 0 ? " 11a/5Mhz" : " 11a";
  const isDynamic = (flags & (BAND_2_GHZ | DYNAMIC)) === (BAND_2_GHZ | DYNAMIC);
  const isPure = (flags & (BAND_2_GHZ | OFDM)) === (BAND_2_GHZ | OFDM);
  if (isPure || isDynamic) text += (flags & HALF) !== 0 ? " 11g/10Mhz" : (flags & QUARTER) !== 0 ? " 11g/5Mhz" : " 11g";
  else if ((flags & (BAND_2_GHZ | CCK)) === (BAND_2_GHZ | CCK)) text += " 11b";
  if ((flags & TURBO) !== 0) text += " Turbo";
  return `${text} `;
}

function extendedChannelText(flags: number, frequency: number): string {
  let text = `${frequency} MHz`;
  const isHighThroughput = (flags & (0x10000 | 0x20000 | 0x40000)) !== 0;
  if (isHighThroughput) text += " 11n";
  else return channelText(frequency, flags & 0xffff, false);
  if ((flags & 0x10000) !== 0) text += "/20";
  if ((flags & 0x20000) !== 0 || (flags & 0x40000) !== 0) text += "/40";
  return `${text} `;
}

/**
 * Rates of 802.11n in Mb/s for MCS 0 to 7 of one stream: 20 MHz with long and short guard interval, 40 MHz with long
 * and short guard interval.
 */
const RATES_20_LONG = [6.5, 13, 19.5, 26, 39, 52, 58.5, 65];
const RATES_40_LONG = [13.5, 27, 40.5, 54, 81, 108, 121.5, 135];

function printRateIndex(line: Line, at: number): void {
  const known = line.u8(at);
  const flags = line.u8(at + 1);
  const index = line.u8(at + 2);
  if ((known & 2) !== 0) {
    const is40 = (known & 1) !== 0 && (flags & 3) === 1;
    const isShort = (known & 4) !== 0 && (flags & 4) !== 0;
    if (index <= 31 && (known & 1) !== 0 && (known & 4) !== 0) {
      const base = (is40 ? RATES_40_LONG : RATES_20_LONG)[index % 8] ?? 0;
      const rate = base * (Math.floor(index / 8) + 1) * (isShort ? 10 / 9 : 1);
      line.add(`${rate.toFixed(1)} Mb/s `);
    }
    line.add(`MCS ${index} `);
  }
  if ((known & 1) !== 0)
    line.add(`${(flags & 3) === 1 ? "40" : (flags & 3) === 2 ? "20L" : (flags & 3) === 3 ? "20U" : "20"} MHz `);
  if ((known & 4) !== 0) line.add(`${(flags & 4) === 0 ? "long" : "short"} GI `);
  if ((known & 8) !== 0) line.add(`${(flags & 8) === 0 ? "mixed" : "greenfield"} `);
  if ((known & 16) !== 0) line.add(`${(flags & 16) === 0 ? "BCC" : "LDPC"} FEC `);
  if ((known & 32) !== 0 && ((flags >> 5) & 3) !== 0) line.add(`RX-STBC${(flags >> 5) & 3} `);
}

/**
 * The fields of a header, read one after the other. Behind the end of the bytes it gives what npm's `cap` gives there, so
 * that programs meet the same results: fields of several bytes throw a RangeError, and a single byte is undefined.
 */
export class Fields {
  readonly bytes: Buffer;
  offset: number;

  constructor(bytes: Buffer, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  byte(): number | undefined {
    return this.bytes[this.offset++];
  }

  /** The next byte, which stays the next one. */
  peek(): number | undefined {
    return this.bytes[this.offset];
  }

  /** @throws RangeError ERR_OUT_OF_RANGE behind the end */
  u16(): number {
    const value = this.bytes.readUInt16BE(this.offset);
    this.offset += 2;
    return value;
  }

  /** @throws RangeError ERR_OUT_OF_RANGE behind the end */
  u32(): number {
    const value = this.bytes.readUInt32BE(this.offset);
    this.offset += 4;
    return value;
  }

  skip(bytes: number): void {
    this.offset += bytes;
  }

  /** So many bytes as two hexadecimal digits each, with colons between them. @throws TypeError behind the end */
  hexadecimal(length: number): string {
    let text = twoDigits(this.byte());
    for (let i = 1; i < length; i++) text += `:${twoDigits(this.byte())}`;
    return text;
  }

  /** Four bytes with points between them. */
  dotted(): string {
    return `${this.byte()}.${this.byte()}.${this.byte()}.${this.byte()}`;
  }
}

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function twoDigits(byte: number | undefined): string {
  const digits = DIGITS[byte ?? -1];
  if (digits === undefined) throw new TypeError("the packet ends within an address");
  return digits;
}

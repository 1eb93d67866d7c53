/** Of the numbers in a capture file. */
export type ByteOrder = "little" | "big";

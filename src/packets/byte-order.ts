/** The byte order of the numbers in a capture file. */
export type ByteOrder = "little" | "big";

/** The most that a file may make the parser hold. A file that asks for more is refused, whatever it claims. */

/** Captured bytes of one packet: libpcap's MAXIMUM_SNAPLEN. */
export const MOST_CAPTURED_BYTES = 262_144;

/** Bytes of one pcapng block. */
export const MOST_BLOCK_BYTES = 16 * 1024 * 1024;

/** Interfaces of one pcapng section: the old packet block numbers them in 16 bits. */
export const MOST_INTERFACES = 65_536;

/** Bytes of all interface descriptions of one section, which are kept until the section ends. */
export const MOST_INTERFACE_BYTES = 16 * 1024 * 1024;

/** Packets of one batch. */
export const MOST_BATCH_PACKETS = 16_384;

/** Blocks without packets in one batch. */
export const MOST_BATCH_BLOCKS = 1024;

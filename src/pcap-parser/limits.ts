/** The most that a file may make the parser hold. A file that asks for more is refused. */

/** The most captured bytes of one packet: MAXIMUM_SNAPLEN of libpcap. */
export const MOST_CAPTURED_BYTES = 262_144;

/** The most bytes of one pcapng block. */
export const MOST_BLOCK_BYTES = 16 * 1024 * 1024;

/** The most interfaces of one pcapng section: the obsolete packet block numbers them in 16 bits. */
export const MOST_INTERFACES = 65_536;

/** The most bytes of all interface descriptions of one section, which are kept until the section ends. */
export const MOST_INTERFACE_BYTES = 16 * 1024 * 1024;

/** The most packets of one batch. */
export const MOST_BATCH_PACKETS = 16_384;

/** The most blocks without packets in one batch. */
export const MOST_BATCH_BLOCKS = 1024;

/** Bits of `ipFlags` of the columns. IPv6 has the second and the third. */
export const IP_DONT_FRAGMENT = 1;
/** Other fragments follow. */
export const IP_MORE_FRAGMENTS = 2;
/** A fragment that is not the first one, and has no transport header. */
export const IP_LATER_FRAGMENT = 4;
/** The reserved bit (RFC 3514). */
export const IP_RESERVED = 8;

/** Types of ICMP (RFC 792) and of ICMPv6 (RFC 4443) that mean the same, in pairs. */
export const ECHO_REQUESTS = [[8, 128]] as const;
export const ECHO_REPLIES = [[0, 129]] as const;
/** Destination unreachable, source quench or packet too big, time exceeded, parameter problem. */
export const ERRORS = [
  [3, 1],
  [4, 2],
  [11, 3],
  [12, 4],
] as const;

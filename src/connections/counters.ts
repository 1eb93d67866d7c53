/** The counters of a session. */

/**
 * closed = told + lost + overLimit, once a session is over. Where nothing was forgotten, the filter asks for no owner and
 * no connection is older than the session: opened = closed + missed + open.
 */
export interface ConnectionCounters {
  /** Connections that began and passed the filter of ports, hosts and networks. */
  opened: number;
  /** Connections that ended and passed the whole filter. */
  closed: number;
  /** How many of these "close" events were handed out. */
  told: number;
  /** How many of these found the ring full. */
  lost: number;
  /** Connections that ended after the wanted count was reached. */
  overLimit: number;
  /** Other events that found the ring full. */
  lostEvents: number;
  /** Connections whose start and owner were forgotten, for want of room in the table. */
  evicted: number;
  /**
   * Connections that passed the whole filter and ended while the kernel could run no program to see it. When and how
   * they ended is not known.
   */
  missed: number;
  /** Connections that are still open. The number is known when the session is over. */
  open: number;
}

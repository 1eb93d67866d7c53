/** What a session counts. */

/**
 * closed = told + lost + overLimit, once a session is over. Where nothing was forgotten, the filter asks for no owner and
 * no connection is older than the session: opened = closed + missed + open.
 */
export interface ConnectionCounters {
  /** Connections that began and passed the filter of ports, hosts and networks. */
  opened: number;
  /** Connections that ended and passed the whole filter. */
  closed: number;
  /** Of those, how many "close" events were handed out. */
  told: number;
  /** Of those, how many found the ring full. */
  lost: number;
  /** Ended after the wanted count was reached. */
  overLimit: number;
  /** Other events that found the ring full. */
  lostEvents: number;
  /** Connections whose start and owner were forgotten, for want of room in the table. */
  evicted: number;
  /** Ended while the kernel could run no program to see it, and passed the whole filter: when, and how, is not known. */
  missed: number;
  /** Connections still open: known when the session is over. */
  open: number;
}

/** An event of a connection: its end, or each change of its state. */

/** "accept" is no state of TCP: a process took the connection from its listener. */
export type ConnectionEventType =
  | "syn-sent"
  | "syn-received"
  | "established"
  | "accept"
  | "fin-wait-1"
  | "fin-wait-2"
  | "close-wait"
  | "closing"
  | "last-ack"
  | "close";

/**
 * How a connection ended. "fin": both sides said that they were done. "rst": one of them broke it off. "timeout": the
 * peer went silent. Of those that were never established: "syn-unanswered", "refused" by RST, "unreachable" by ICMP.
 * "error": the kernel could not even send a SYN.
 */
export type CloseReason = "fin" | "rst" | "timeout" | "syn-unanswered" | "refused" | "unreachable" | "error";

/** What cannot be known is null. */
export interface ConnectionEvent {
  type: ConnectionEventType;
  /** Nanoseconds since the epoch. */
  timestamp: bigint;
  /** Process (thread group) in the initial PID namespace; of a server's connection the listener's until one accepts it. */
  pid: number | null;
  /** The thread that connected, accepted or listened. */
  tid: number | null;
  /** The real user id of the process; where the process is not known, that of the socket. */
  uid: number;
  /** The name of the process, at most 15 bytes. */
  comm: string | null;
  /** "client": this host sent the SYN. */
  role: "client" | "server";
  /** IPv4 on a socket of IPv6 is 4. */
  family: 4 | 6;
  /** The address in text, such as "192.0.2.1" or "2001:db8::1". */
  localAddress: string;
  /** 0 in "syn-sent" where the kernel has not chosen it yet. */
  localPort: number;
  /** The address of the peer, in text as `localAddress`. */
  remoteAddress: string;
  /** The port of the peer. */
  remotePort: number;
  /**
   * Nanoseconds from the SYN (client) or the end of the handshake (server) to the event; null for a connection older than
   * the session.
   */
  durationNs: number | null;
  /** Nanoseconds since it was first seen: durationNs, or less than its true age. */
  observedNs: number;
  /** Nanoseconds from the SYN to the end of the handshake; null where either was not seen. */
  handshakeNs: number | null;
  /** Bytes of data put on the wire, each counted once. */
  bytesSent: number;
  /** Bytes of data received in order. */
  bytesReceived: number;
  /** Segments sent again, SYNs included. */
  retransmits: number;
  /** Smoothed round-trip time, microseconds; null before the first measurement. */
  rttUs: number | null;
  /** In "close". */
  reason: CloseReason | null;
  /** Who sent the first FIN, or the RST. */
  closedBy: "local" | "remote" | null;
  /** Inode number of the network namespace, as in /proc/<pid>/ns/net. */
  networkNamespace: number;
  /** The kernel's number of the socket, as in `ss -e` (sk:, in hexadecimal there); null where it gave none. */
  cookie: bigint | null;
  /** With the option details. */
  process?: ProcessDetails;
}

/** Of the process, as it was when it connected, accepted or listened. What cannot be known is null. */
export interface ProcessDetails {
  /** Words separated by spaces, at most 512 bytes. */
  commandLine: string | null;
  /** The process that started it, in the initial PID namespace. */
  parentPid: number | null;
  /** The name of that parent, at most 15 bytes. */
  parentComm: string | null;
  /** Path of the cgroup within its hierarchy. */
  cgroup: string | null;
  /** 64 hexadecimal digits out of the cgroup's path, as Docker, containerd, CRI-O and Podman name containers. */
  containerId: string | null;
}

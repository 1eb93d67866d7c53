/**
 * SIGUSR1 and SIGUSR2, at which tcpdump prints its counts and flushes its file. This module is imported before all
 * others, because Node.js answers SIGUSR1 by opening its inspector to every user of the host, until something listens
 * to the signal.
 */
export interface UserSignals {
  /** SIGUSR1: prints the counts so far. */
  statistics?: () => void;
  /** SIGUSR2: writes what was captured so far. */
  flush?: () => void;
  /** SIGHUP of a capture that rotates: begins another file. */
  hangUp?: () => void;
}

let handlers: UserSignals = {};
process.on("SIGUSR1", () => handlers.statistics?.());
process.on("SIGUSR2", () => handlers.flush?.());

/** Sets what the signals do. Before the first call they do nothing. */
export function onUserSignals(signals: UserSignals): void {
  handlers = signals;
  const { hangUp } = signals;
  if (hangUp !== undefined) process.on("SIGHUP", hangUp);
}

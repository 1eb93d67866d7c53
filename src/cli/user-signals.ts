/**
 * SIGUSR1 and SIGUSR2, by which tcpdump prints its counts and flushes its file. This module is imported before all others:
 * Node.js answers SIGUSR1 by opening its inspector to every user of the host, until somebody listens to the signal.
 */
export interface UserSignals {
  /** SIGUSR1: prints the counts so far. */
  statistics?: () => void;
  /** SIGUSR2: writes what was captured so far. */
  flush?: () => void;
  /** SIGHUP of a capture that rotates: goes on in another file. */
  hangUp?: () => void;
}

let handlers: UserSignals = {};
process.on("SIGUSR1", () => handlers.statistics?.());
process.on("SIGUSR2", () => handlers.flush?.());

/** What the signals do from here on. Without it they do nothing. */
export function onUserSignals(signals: UserSignals): void {
  handlers = signals;
  const { hangUp } = signals;
  if (hangUp !== undefined) process.on("SIGHUP", hangUp);
}

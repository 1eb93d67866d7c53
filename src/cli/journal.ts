/** Lines for systemd's journal, which takes the priority of a line from its beginning (sd-daemon(3)). */
import { fstatSync } from "node:fs";

/** Levels of syslog(3). */
export const PRIORITIES = { error: 3, warning: 4, notice: 5, info: 6 } as const;
export type Priority = keyof typeof PRIORITIES;

/** Whether a descriptor is the stream to the journal that systemd tells of (systemd.exec(5), JOURNAL_STREAM). */
export function isJournal(fd: number, stream = process.env.JOURNAL_STREAM): boolean {
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false; // The descriptor is closed.
  }
}

/** Puts the priority in front of each line of a text, because each is an entry of its own. */
export function withPriority(text: string, priority: Priority): string {
  return text.replaceAll(/^/gm, `<${PRIORITIES[priority]}>`);
}

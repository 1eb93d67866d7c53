/** When a capture that rotates by the clock begins its next file: every minute at :00, every hour at :00:00, whatever the start. */
import { localTime } from "../host/local-time.ts";

/** The next multiple of the period by the local time. @param now seconds since the epoch @param period whole seconds */
export function nextSeam(now: number, period: number): number {
  const offset = offsetAt(now);
  const local = (Math.floor((now + offset) / period) + 1) * period;
  // Where the clocks change in between, midnight is at another distance.
  const seam = local - offsetAt(local - offset);
  return seam > now ? seam : local - offset;
}

function offsetAt(second: number): number {
  const whole = Math.floor(second);
  return localTime(whole).getTime() / 1000 - whole;
}

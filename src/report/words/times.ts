/** Times of a report, which are ISO 8601 with a zone, as people read them and as a chart counts them. */

const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const MILLISECONDS_OF_MINUTE = 60_000;

/** "2026-11-28 07:40:09.123 +01:00". A text that is no such time stays as it is. */
export function shownTime(time: string, fractionDigits = 3): string {
  const parts = ISO.exec(time);
  if (parts === null) return time;
  const [, date, clock, fraction = "", zone = "Z"] = parts;
  const digits = fraction.slice(0, fractionDigits);
  return `${date} ${clock}${digits === "" ? "" : `.${digits}`} ${zone === "Z" ? "UTC" : zone}`;
}

/** The time of day alone, such as "07:40:09.123", for where the date and the zone are told beside it. */
export function timeOfDay(time: string, fractionDigits = 3): string {
  const parts = ISO.exec(time);
  if (parts === null) return time;
  const digits = (parts[3] ?? "").slice(0, fractionDigits);
  return `${parts[2]}${digits === "" ? "" : `.${digits}`}`;
}

/** The day and the zone, such as "2026-11-28, +01:00"; empty of a text that is no time. */
export function dayAndZone(time: string): string {
  const parts = ISO.exec(time);
  return parts === null ? "" : `${parts[1]}, ${zoneName(time)}`;
}

/** Milliseconds since the epoch; null of a text that is no time. */
export function epochMilliseconds(time: string): number | null {
  const parts = ISO.exec(time);
  if (parts === null) return null;
  const [, date, clock, fraction = "0", zone] = parts;
  const whole = Date.parse(`${date}T${clock}${zone}`);
  return Number.isNaN(whole) ? null : whole + Number(`0.${fraction}`) * 1000;
}

/** The offset of a time's zone from UTC in milliseconds, so that a chart can write local times. */
export function zoneOffset(time: string): number {
  const zone = ISO.exec(time)?.[4];
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith("-") ? -minutes : minutes) * MILLISECONDS_OF_MINUTE;
}

/** "+01:00" or "UTC"; empty of a text that is no time. */
export function zoneName(time: string): string {
  const zone = ISO.exec(time)?.[4] ?? "";
  return zone === "Z" ? "UTC" : zone;
}

/** A value of an answer as JSON has it: addresses and times as text, numbers that JSON cannot have exactly as text too. */
import type { DuckDBValue } from "@duckdb/node-api";
import { formatIpv4Address, formatIpv6Address } from "../../pcap-parser/index.ts";
import { ADDRESS_BYTES } from "../contract/columns.ts";
import type { AnswerValue } from "./answer.ts";

const MAPPED = "00000000000000000000ffff";

export function answerValueOf(value: DuckDBValue): AnswerValue {
  if (typeof value === "bigint") return exact(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value ?? null;
  if ("bytes" in value && value.bytes instanceof Uint8Array) return bytesAsText(value.bytes);
  if ("nanos" in value || "micros" in value) return timeAsText(String(value));
  if ("items" in value) return value.items.map(answerValueOf);
  if ("entries" in value && !Array.isArray(value.entries)) {
    const entries = Object.entries(value.entries).map(([name, entry]) => [name, answerValueOf(entry)] as const);
    return Object.fromEntries(entries);
  }
  return String(value);
}

/** A time with a zone is printed with the zone of the process, which is some minutes from UTC: the fraction of the second stays. */
function timeAsText(text: string): string {
  return text.replace(
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)?(:\d\d)?$/,
    (_, day: string, time: string, fraction = "", hours = "+00", minutes = ":00") =>
      `${new Date(`${day}T${time}${hours}${minutes}`).toISOString().slice(0, 19)}${fraction}Z`,
  );
}

function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Sixteen bytes are an address: tables have no others. */
function bytesAsText(bytes: Uint8Array): string {
  const hexadecimal = Buffer.from(bytes).toString("hex");
  if (bytes.length !== ADDRESS_BYTES) return hexadecimal;
  return hexadecimal.startsWith(MAPPED) ? formatIpv4Address(bytes, 12) : formatIpv6Address(bytes);
}

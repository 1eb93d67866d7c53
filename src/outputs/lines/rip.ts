/** RIP (RFC 1058, 2453). */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const commandName = namesOf(
  { 1: "Request", 2: "Response", 3: "Trace on", 4: "Trace off", 5: "Sendmsg", 6: "Poll", 7: "Poll-Entry" },
  "unknown command (%d)",
);

/** Prints text such as `RIPv2, Response, length: 24, routes: 1 or less`. */
export function printRip(line: Line, at: number, length: number): void {
  line.protocol = "rip";
  if (!line.has(at, 1)) return line.mark();
  line.need(at, 4);
  const version = line.u8(at + 1);
  const command = line.u8(at);
  if (version === 0) return line.add("RIPv0");
  line.add(`RIPv${version}, ${commandName(command)}, length: ${length}`);
  if (command === 2 && version === 1) line.add(`, routes: ${Math.floor((length - 4) / 20)} or less`);
}

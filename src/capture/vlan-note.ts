/**
 * The note about VLAN tags. An expression looks behind a VLAN tag only where it says so, on the wire as in a file. A
 * live tcpdump always looks behind the tag.
 */
import { readFileSync } from "node:fs";
import type { Program } from "../filter/classic/instruction.ts";

/**
 * A file of the network namespace of the process. It exists where the namespace has a VLAN device
 * (net/8021q/vlanproc.c).
 */
const VLAN_DEVICES = "/proc/net/vlan/config";
/** Bytes from the start of a frame to its EtherType, which is that of the tag where there is one. */
const ETHER_TYPE_OFFSET = 12;

/** Names of the VLAN devices on top of an interface. */
export function vlanDevicesOn(name: string, config = readConfig()): string[] {
  // The file has two lines of headings, and then lines such as "v0.5           | 5  | v0".
  const rows = config.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return rows.flatMap(([device, , parent]) => (parent === name && device !== undefined ? [device] : []));
}

function readConfig(): string {
  try {
    return readFileSync(VLAN_DEVICES, "utf8");
  } catch {
    return "";
  }
}

/** Whether the answer of the program depends on bytes that a tag moves. */
export function asksForEtherType(program: Program): boolean {
  return program.some(
    (instruction) =>
      instruction.kind === "load-packet" && !instruction.indexed && instruction.offset === ETHER_TYPE_OFFSET,
  );
}

/** The expression that chooses what the given one chooses, and the same packets behind one VLAN tag. */
export function alsoBehindTag(expression: string): string {
  const grouped = /\s/.test(expression) ? `(${expression})` : expression;
  // A negated question does not ask for a tagged frame, but would choose it because it is tagged.
  const untagged = /\bnot\b|!/.test(expression) ? `(${grouped} and ether[12:2] != 0x8100)` : grouped;
  return `${untagged} or (vlan and ${grouped})`;
}

/**
 * The note where tagged packets can be expected and the expression does not choose them.
 *
 * @param expression as it was given, and compiled
 * @param asksForTag whether the filter options ask for a tag
 */
export function vlanNote(
  name: string,
  expression: { readonly text: string; readonly program: Program },
  asksForTag: boolean,
  devices = vlanDevicesOn(name),
): string | undefined {
  const { text, program } = expression;
  if (/\bvlan\b/.test(text) || !asksForEtherType(program)) return undefined;
  if (devices.length === 0 && !asksForTag) return undefined;
  const known = `${devices.slice(0, 3).join(", ")}${devices.length > 3 ? ", ..." : ""}`;
  const reason = asksForTag ? "`vlan` asks for tagged packets" : `${name} carries VLANs (${known})`;
  return `${reason}, but the expression does not look behind tags: for packets with one, type '${alsoBehindTag(text)}'`;
}

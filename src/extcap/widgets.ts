/**
 * The options that Wireshark shows as widgets, in the words of its extcap protocol (extcap(4), doc/extcap.adoc of
 * Wireshark).
 */
import type { ExtcapHook } from "./interface-name.ts";

interface Widget {
  /** The option that Wireshark hands over. */
  readonly call: string;
  readonly display: string;
  readonly type: "string" | "unsigned" | "selector" | "boolflag";
  readonly tooltip: string;
  readonly group: string;
  readonly default?: string;
  /** What an empty field shows. */
  readonly placeholder?: string;
  /** A regular expression. Wireshark marks a value that does not match. */
  readonly validation?: string;
  /** The lowest and the highest value. */
  readonly range?: string;
  /** With false, Wireshark forgets the value when it ends. */
  readonly save?: false;
  readonly values?: readonly { readonly value: string; readonly display: string; readonly isDefault?: true }[];
  /** Undefined: both hooks. */
  readonly hook?: ExtcapHook;
}

const FILTER = "Filter in the kernel";
const CAPTURE = "Capture";

const FLAG = "(fin|syn|rst|psh|ack|urg|ece|cwr)";
const LIST_OF_FLAGS = String.raw`\s*!?${FLAG}\s*(,\s*!?${FLAG}\s*)*`;
const BITS = String.raw`\s*(none|all|${FLAG})\s*(,\s*(none|all|${FLAG})\s*)*`;

const WIDGETS: readonly Widget[] = [
  {
    call: "--port",
    display: "Ports",
    type: "string",
    tooltip: "Source or destination port, also behind VLAN tags and IPv6 extension headers",
    placeholder: "80,443,8000-8100",
    validation: String.raw`^\s*\d{1,5}(-\d{1,5})?(\s*,\s*\d{1,5}(-\d{1,5})?)*\s*$`,
    group: FILTER,
  },
  {
    call: "--tcp-flags",
    display: "TCP flags",
    type: "string",
    tooltip: "syn,!ack: the first set and the other clear; syn/syn,ack: value and mask",
    placeholder: "syn,!ack",
    validation: `(?i)^(${LIST_OF_FLAGS}|${BITS}/${BITS})$`,
    group: FILTER,
  },
  {
    call: "--sample",
    display: "One packet in",
    type: "unsigned",
    tooltip: "Of so many packets that match, one is captured; the kernel chooses it and counts the others",
    default: "1",
    range: "1,1000000",
    group: CAPTURE,
  },
  {
    call: "--snapshot-length",
    display: "Snapshot length in bytes",
    type: "unsigned",
    tooltip: "Bytes that are kept of each packet; 128 keep the headers, and let a flood through",
    default: "262144",
    range: "1,262144",
    group: CAPTURE,
  },
  {
    call: "--process",
    display: "Comment on each packet: its process",
    type: "boolflag",
    tooltip: "Id, user and name of the process whose socket the packet belongs to, as a comment of the packet",
    default: "false",
    group: CAPTURE,
    hook: "tc",
  },
  {
    call: "--action",
    display: "Matching packets",
    type: "selector",
    tooltip: "WARNING: what is dropped reaches no program of this host. A filter is required",
    values: [
      { value: "pass", display: "go on to this host", isDefault: true },
      { value: "drop", display: "WARNING: are captured and dropped" },
    ],
    // A later capture must not drop because an earlier one did.
    save: false,
    group: CAPTURE,
    hook: "xdp",
  },
];

/** Returns the lines with which an interface describes its options. */
export function describeWidgets(hook: ExtcapHook): string[] {
  const shown = WIDGETS.filter((widget) => widget.hook === undefined || widget.hook === hook);
  return shown.flatMap(({ values = [], hook: _, default: initial, save, ...widget }, number) => [
    `arg ${fields({ number, ...widget, default: initial, save })}`,
    ...values.map(
      ({ value, display, isDefault = false }) => `value ${fields({ arg: number, value, display, default: isDefault })}`,
    ),
  ]);
}

/** A value ends at a brace behind which another field begins, or a blank (extcap_parser.c of Wireshark). */
export function fields(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `{${name}=${value}}`)
    .join("");
}

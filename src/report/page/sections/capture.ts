/** How much of what happened the capture holds, and where it comes from: what somebody needs who has to rely on it. */

import { shellWord } from "../../../options/index.ts";
import type { FileFacts, InterfaceFacts } from "../../completeness/completeness.ts";
import type { Report } from "../../report.ts";
import { percent, whole, withUnit } from "../../words/numbers.ts";
import { shownTime } from "../../words/times.ts";
import { copyable } from "../copyable.ts";
import { fitting, foreign, foreignCode } from "../foreign.ts";
import { html, type Markup, type Part } from "../html.ts";
import { facts, section, sentences, table } from "../table.ts";

/** Of each list, so that the page keeps its size whatever the files are. */
const SENTENCES_AT_MOST = 12;
const SENTENCE_BYTES = 400;
const FILES_AT_MOST = 15;
const FILES_WITH_NOTES = 5;
const COMMENTS_AT_MOST = 3;
const INTERFACES_AT_MOST = 10;
const COMMAND_BYTES = 3000;
const NAME_BYTES = 64;

export function completenessSection({ completeness, packets }: Report): Markup {
  const known = (count: number | null) => (count === null ? "not told" : whole(count));
  return section(
    "completeness",
    "How complete the capture is",
    sentences(completeness.sentences.slice(0, SENTENCES_AT_MOST).map((one) => foreign(one, SENTENCE_BYTES))),
    facts([
      ["Held of all packets", completeness.heldShare === null ? "not known" : percent(completeness.heldShare)],
      ["Lost", known(completeness.dropped)],
      ["Left out by sampling", known(completeness.sampledOut)],
      ["Left out by a rate limit", known(completeness.rateLimited)],
      ["Cut by the snapshot length", whole(completeness.cutPackets)],
      ["Of these in their headers", whole(completeness.cutHeaders)],
      ["Out of order", whole(completeness.outOfOrder)],
      ["Without a time", whole(completeness.withoutTime)],
      ["Read", whole(packets.read)],
      ["Matched", whole(packets.matched)],
      ["IPv4, IPv6, not IP", `${whole(packets.ipv4)}, ${whole(packets.ipv6)}, ${whole(packets.notIp)}`],
      ["Malformed", whole(packets.malformed)],
    ]),
  );
}

export function originSection(report: Report): Markup {
  const { files } = report;
  const command = fitting(report.command.map(shellWord).join(" "), COMMAND_BYTES);
  const shown = files.slice(0, FILES_AT_MOST);
  const left = files.length - shown.length;
  return section(
    "origin",
    "Where this comes from",
    facts([
      ["Report made", shownTime(report.created)],
      ["By", foreign(`ringcap ${report.ringcap}`)],
      ["First packet", report.span && shownTime(report.span.first, 6)],
      ["Last packet", report.span && shownTime(report.span.last, 6)],
      ["Addresses", report.anonymized ? "replaced (anonymized)" : "as captured"],
      ["Filter", report.filter === null ? "none" : foreignCode(report.filter, COMMAND_BYTES)],
    ]),
    command !== "" && copyable("Command", command),
    fileTable(shown),
    left > 0 &&
      html`<p>${left === 1 ? "One more file is" : `${whole(left)} more files are`} in the JSON of this report.</p>`,
    shown.slice(0, FILES_WITH_NOTES).map(fileNotes),
    interfaceTable(shown),
  );
}

function fileTable(files: readonly FileFacts[]): Markup {
  const rows = files.map((file): Part[] => [
    foreign(file.name),
    `${file.format ?? "none"}${file.compression === null ? "" : `, ${file.compression}`}`,
    withUnit(file.bytes, "B"),
    whole(file.packets),
    file.first && shownTime(file.first, 6),
    file.last && shownTime(file.last, 6),
    file.sha256 === null ? "none" : html`<code class="hash">${file.sha256}</code>`,
  ]);
  const columns = [
    { title: "File" },
    { title: "Format" },
    { title: "Size", isNumber: true },
    { title: "Packets", isNumber: true },
    ...["First packet", "Last packet", "SHA-256"].map((title) => ({ title })),
  ];
  return table("Files", columns, rows);
}

/** What a file says of itself. */
function fileNotes(file: FileFacts): Part {
  const notes: (readonly [string, string])[] = [
    ["Hardware", file.hardware],
    ["System", file.os],
    ["Written by", file.application],
    ...file.comments.slice(0, COMMENTS_AT_MOST).map((comment) => ["Comment", comment] as const),
    ["Not read to its end", file.fault ?? ""],
  ];
  const told = notes.filter(([, text]) => text !== "");
  if (told.length === 0) return null;
  return html`<h3>${foreign(file.name)}</h3>${facts(told.map(([name, text]) => [name, foreign(text)]))}`;
}

function interfaceTable(files: readonly FileFacts[]): Part {
  const all = files.flatMap((file) => file.interfaces.map((one) => ({ file, one })));
  if (all.length === 0) return null;
  const rows = all
    .slice(0, INTERFACES_AT_MOST)
    .map(({ file, one }): Part[] => [
      foreign(one.name ?? "without a name", NAME_BYTES),
      foreign(file.name, NAME_BYTES),
      foreign([one.description, one.filter].filter((text) => text !== null && text !== "").join("; ")),
      foreign(one.linkTypeName, NAME_BYTES),
      one.snapshotLength === 0 ? "none" : `${whole(one.snapshotLength)} B`,
      ...counters(one),
    ]);
  const columns = [
    ...["Interface", "File", "Description and filter", "Link type"].map((title) => ({ title })),
    ...["Snapshot length", "Received", "Accepted", "Dropped", "Dropped by the system", "Delivered"].map((title) => ({
      title,
      isNumber: true,
    })),
  ];
  return table("Interfaces, with what their files counted", columns, rows);
}

function counters({ received, filterAccepted, dropped, osDropped, delivered }: InterfaceFacts): string[] {
  return [received, filterAccepted, dropped, osDropped, delivered].map((count) =>
    count === null ? "–" : whole(count),
  );
}

/** The target's side, the completeness of the capture, and where it comes from. */
import { shellWord } from "../../options/shell-word.ts";
import type { FileFacts } from "../completeness/completeness.ts";
import type { Report } from "../report.ts";
import { clipped } from "../words/clipped.ts";
import { counted, estimated, whole, withUnit } from "../words/numbers.ts";
import { shownTime } from "../words/times.ts";
import type { Paragraph } from "./sheet.ts";

const SENTENCES_AT_MOST = 10;
const FILES_AT_MOST = 20;
const COMMENTS_AT_MOST = 3;
const TEXT_CHARACTERS = 200;
const COMMAND_CHARACTERS = 1000;

export function targetSideLines({ victim }: Report): Paragraph[] {
  if (victim === null) return [];
  const { kernel } = victim;
  const known = (count: number | null) => (count === null ? "not known" : whole(count));
  return [
    { heading: "The target's side" },
    {
      facts: [
        [
          "It sent",
          [counted(victim.replies, "packet"), counted(victim.synAcks, "SYN-ACK"), counted(victim.rsts, "RST")].join(
            ", ",
          ),
        ],
        ["SYNs sent again", `${estimated(victim.retransmittedSyns)}, to all targets`],
        ["Connections half open", kernel && known(kernel.halfOpen)],
        ["SYN cookies sent", kernel && known(kernel.cookiesSent)],
        ["Listen queue overflows", kernel && known(kernel.listenOverflows)],
      ],
    },
  ];
}

export function completenessLines({ completeness, packets }: Report): Paragraph[] {
  const counts = [
    [completeness.dropped, "lost"],
    [completeness.sampledOut, "left out by sampling"],
    [completeness.rateLimited, "left out by a rate limit"],
    [completeness.cutPackets, "cut by the snapshot length"],
    [completeness.outOfOrder, "out of order"],
    [completeness.withoutTime, "without a time"],
    [packets.malformed, "malformed"],
  ] as const;
  const told = counts.flatMap(([count, what]) => (count === null || count === 0 ? [] : [`${whole(count)} ${what}`]));
  return [
    { heading: "How complete the capture is" },
    ...completeness.sentences
      .slice(0, SENTENCES_AT_MOST)
      .map((sentence): Paragraph => ({ text: clipped(sentence, COMMAND_CHARACTERS) })),
    { facts: [["Packets", [`${whole(packets.read)} read, ${whole(packets.matched)} matched`, ...told].join(", ")]] },
  ];
}

export function originLines(report: Report): Paragraph[] {
  const { files } = report;
  const left = files.length - FILES_AT_MOST;
  const command = clipped(report.command.map(shellWord).join(" "), COMMAND_CHARACTERS);
  return [
    { heading: "Where this comes from" },
    {
      facts: [
        ["Made", `${shownTime(report.created)} by ringcap ${clipped(report.ringcap, TEXT_CHARACTERS)}`],
        ["First packet", report.span && shownTime(report.span.first, 6)],
        ["Last packet", report.span && shownTime(report.span.last, 6)],
        ["Filter", report.filter !== null && clipped(report.filter, COMMAND_CHARACTERS)],
        ["Command", command],
      ],
    },
    ...files.slice(0, FILES_AT_MOST).flatMap(fileLines),
    ...(left > 0
      ? [{ text: `${left === 1 ? "One more file is" : `${whole(left)} more files are`} in the JSON of this report.` }]
      : []),
  ];
}

function fileLines(file: FileFacts): Paragraph[] {
  const made = [file.application, file.os, file.hardware].filter((text) => text !== "");
  const compression = file.compression === null ? "" : `, ${file.compression}`;
  return [
    { text: clipped(file.name, TEXT_CHARACTERS), tone: "strong" },
    {
      facts: [
        [
          "Is",
          `${file.format ?? "no capture file"}${compression}, ${withUnit(file.bytes, "B")}, ${counted(file.packets, "packet")}`,
        ],
        ["SHA-256", file.sha256],
        ["Made by", clipped(made.join(", "), TEXT_CHARACTERS)],
        ...file.comments
          .slice(0, COMMENTS_AT_MOST)
          .map((comment) => ["Comment", clipped(comment, TEXT_CHARACTERS)] as const),
        ["Not read to its end", file.fault !== null && clipped(file.fault, TEXT_CHARACTERS)],
      ],
    },
  ];
}

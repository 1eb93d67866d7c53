/** The calls of AFS over Rx, by port: their names, and the arguments that lines show of the usual ones. */

import { localTime } from "../../host/local-time.ts";
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { CALLBACKS, FILES, LOCATION, PROTECTION, VOLUMES } from "./rx-operations.ts";
import { caretText } from "./text.ts";

type Part = (line: Line, operation: number, at: number) => void;

export interface RxService {
  readonly name: string;
  readonly operations: ReadonlyMap<number, string>;
  readonly printCall?: Part;
  readonly printReply?: Part;
}

/** The most characters of a name of AFS. */
const LONGEST_NAME = 256;
const PARTITION_LETTERS = 26;

/** Prints a string, which is a length, a text, and padding to four bytes. @returns the offset of the byte behind it */
function addString(line: Line, at: number): number {
  const length = line.u32(at);
  if (length > LONGEST_NAME || !line.has(at + 4, length)) line.cut();
  line.add(` "${caretText(line.slice(at + 4, length))}"`);
  return at + 4 + Math.ceil(length / 4) * 4;
}

function addFile(line: Line, at: number): number {
  line.add(` fid ${line.u32(at)}/${line.u32(at + 4)}/${line.u32(at + 8)}`);
  return at + 12;
}

function addStatus(line: Line, at: number): void {
  const mask = line.u32(at);
  line.add(" StoreStatus");
  if ((mask & 1) !== 0) line.add(` date ${dateText(line.u32(at + 4))}`);
  if ((mask & 2) !== 0) line.add(` owner ${line.u32(at + 8)}`);
  if ((mask & 4) !== 0) line.add(` group ${line.u32(at + 12)}`);
  if ((mask & 8) !== 0) line.add(` mode ${(line.u32(at + 16) & 0o7777).toString(8)}`);
  if ((mask & 16) !== 0) line.add(` segsize ${line.u32(at + 20)}`);
}

function dateText(seconds: number): string {
  const date = localTime(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getUTCFullYear()}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

const fileCall: Part = (line, operation, start) => {
  line.protocol = "fs";
  switch (operation) {
    case 130: {
      const at = addFile(line, start);
      return line.add(` offset ${line.u32(at)} length ${line.u32(at + 4)}`);
    }
    case 131:
    case 132:
    case 134:
    case 135:
    case 156:
    case 157:
    case 158:
      addFile(line, start);
      return;
    case 133: {
      const at = addFile(line, start);
      addStatus(line, at);
      return line.add(` offset ${line.u32(at + 24)} length ${line.u32(at + 28)} flen ${line.u32(at + 32)}`);
    }
    case 136:
    case 142:
      addString(line, addFile(line, start));
      return;
    case 137:
    case 141: {
      const at = addString(line, addFile(line, start));
      addStatus(line, at);
      return;
    }
    case 139: {
      const at = addString(line, addFile(line, start));
      line.add(" link to");
      addString(line, at);
      return;
    }
    default:
      return;
  }
};

const fileReply: Part = (line, operation, start) => {
  line.protocol = "fs";
  if (operation === 137 || operation === 141) {
    line.add(" new");
    addFile(line, start);
  }
};

const protectionCall: Part = (line, operation, at) => {
  line.protocol = "pt";
  switch (operation) {
    case 504:
      return addFixedNames(line, at);
    case 505:
      line.add(" ids:");
      return addNumbers(line, at);
    case 507:
    case 508:
    case 512:
    case 514:
      return line.add(` id ${line.u32(at) | 0}`);
    case 515:
      return line.add(` uid ${line.u32(at) | 0} gid ${line.u32(at + 4) | 0}`);
    default:
      return;
  }
};

const protectionReply: Part = (line, operation, at) => {
  line.protocol = "pt";
  if (operation === 504) {
    line.add(" ids:");
    addNumbers(line, at);
  } else if (operation === 505) addFixedNames(line, at);
};

function addNumbers(line: Line, at: number): void {
  const count = line.u32(at);
  for (let index = 0; index < count; index++) line.add(` ${line.u32(at + 4 + 4 * index) | 0}`);
  if (count === 0) line.add(" <none!>");
}

/** Prints names that have 64 words each, with one character in a word. */
function addFixedNames(line: Line, at: number): void {
  const count = line.u32(at);
  for (let index = 0; index < count; index++) addWideName(line, at + 4 + 256 * index, 64);
  if (count === 0) line.add(" <none!>");
}

function addWideName(line: Line, at: number, words: number): void {
  line.need(at, 4 * words);
  const codes = Array.from({ length: words }, (_, index) => line.u32(at + 4 * index) & 0xff);
  const end = codes.indexOf(0);
  line.add(` "${caretText(Uint8Array.from(end < 0 ? codes : codes.slice(0, end)))}"`);
}

const locationCall: Part = (line, operation, at) => {
  line.protocol = "vldb";
  switch (operation) {
    case 503:
    case 518:
      return line.add(` volid ${line.u32(at)}`);
    case 504:
    case 519:
      addString(line, at);
      return;
    default:
      return;
  }
};

/** Older entries have 8 places for servers, and newer ones 13. */
const locationReply: Part = (line, operation, at) => {
  line.protocol = "vldb";
  const most = operation === 503 || operation === 504 ? 8 : operation === 518 || operation === 519 ? 13 : 0;
  if (most === 0) return;
  addWideName(line, at, 65);
  let place = at + 4 * 65 + (most === 8 ? 4 : 0);
  const count = Math.min(line.u32(place), most);
  line.add(` numservers ${count} servers`);
  place += 4;
  for (let index = 0; index < count; index++) line.add(` ${ipv4At(line, place + 4 * index)}`);
  place += 4 * most;
  line.add(" partitions");
  for (let index = 0; index < count; index++) {
    const partition = line.u32(place + 4 * index);
    line.add(partition < PARTITION_LETTERS ? ` ${String.fromCharCode(97 + partition)}` : ` ${partition}`);
  }
  place += 8 * most;
  line.add(` rwvol ${line.u32(place)} rovol ${line.u32(place + 4)} backup ${line.u32(place + 8)}`);
};

const volumeCall: Part = (line, operation, at) => {
  line.protocol = "vol";
  if (operation === 121) line.add(` partid ${line.u32(at)} volid ${line.u32(at + 4)}`);
};

const volumeReply: Part = (line, operation, at) => {
  line.protocol = "vol";
  if (operation !== 121) return;
  line.add(" name");
  addWideName(line, at + 4, 32);
  line.add(` volid ${line.u32(at + 4 + 128)} type`);
};

const callbackCall: Part = (line, operation, at) => {
  line.protocol = "cb";
  if (operation !== 204) return;
  const count = line.u32(at);
  for (let index = 0; index < count; index++) addFile(line, at + 4 + 12 * index);
  if (count === 0) line.add(" <none!>");
};

export const RX_SERVICES: ReadonlyMap<number, RxService> = new Map([
  [7000, { name: "fs", operations: FILES, printCall: fileCall, printReply: fileReply }],
  [7001, { name: "cb", operations: CALLBACKS, printCall: callbackCall }],
  [7002, { name: "pt", operations: PROTECTION, printCall: protectionCall, printReply: protectionReply }],
  [7003, { name: "vldb", operations: LOCATION, printCall: locationCall, printReply: locationReply }],
  [7005, { name: "vol", operations: VOLUMES, printCall: volumeCall, printReply: volumeReply }],
]);

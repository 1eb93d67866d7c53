/**
 * Finds the place in an expression at which libpcap stumbled. The message of libpcap quotes a word at best. But its
 * parser reads from left to right and stops at the first fault, so asking it about beginnings of the expression finds
 * the place.
 */
import type { Fault } from "../options/index.ts";

/** What libpcap has against an expression; undefined when it compiles. */
export type Complaint = (expression: string) => string | undefined;

/** A word of which libpcap complains the moment it reads it, unless something was wrong before. */
const STOP = "1:2:";

/** Words, and the signs that libpcap's scanner never takes for part of one. */
const PIECE = /\\[^ !()\n\r\t]+|&&|\|\||<<|>>|[<>=!]=|[()[\]!<>=&|]|[^ \n\r\t()[\]!<>=&|\\]+/g;

/** Messages about faults that have no single place. */
const WHOLE = /rejects all packets|memory|link type|link-layer type/;
/** The message of the parser itself. All others are about the meaning of something. */
const SYNTAX = /: syntax error$/;
const QUOTED = /'(.+)'|"(.+)"/;

/** Undefined when the place is not known for certain. */
export function locateFault(text: string, complaint: string, complaintAbout: Complaint): Fault | undefined {
  if (WHOLE.test(complaint)) return undefined;
  const pieces = [...text.matchAll(PIECE)].map(({ 0: piece, index }) => ({ start: index, end: index + piece.length }));
  if (SYNTAX.test(complaint)) return syntaxFault(text, pieces, complaintAbout);

  const quoted = QUOTED.exec(complaint)?.slice(1).find(Boolean);
  const places = quoted === undefined ? [] : placesOf(quoted, text);
  if (places.length === 1) return places[0];
  const last = firstThat(pieces, ({ end }) => complaintAbout(text.slice(0, end)) === complaint);
  if (last === undefined || quoted === undefined) return last;
  return places.findLast(({ end }) => end <= last.end);
}

/** The piece that the parser could not go on with, or the end. */
function syntaxFault(text: string, pieces: readonly Fault[], complaintAbout: Complaint): Fault | undefined {
  const stopped = complaintAbout(STOP);
  if (stopped === undefined || SYNTAX.test(stopped)) return undefined;
  const goesOnAfter = (end: number) => complaintAbout(`${text.slice(0, end)} ${STOP}`) === stopped;
  const fault = firstThat(pieces, ({ end }) => !goesOnAfter(end));
  if (fault !== undefined) return fault;
  return goesOnAfter(text.length) ? { start: text.length, end: text.length + 1 } : undefined;
}

/**
 * The search is a bisection, because what stops the parser in a beginning stops it in every longer one. It asks few
 * questions, because each may look names up.
 */
function firstThat(pieces: readonly Fault[], stops: (piece: Fault) => boolean): Fault | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece !== undefined && stops(piece)) high = middle;
    else low = middle + 1;
  }
  return pieces[low];
}

/** Where a quoted text stands by itself, not as part of a longer word. */
function placesOf(quoted: string, text: string): Fault[] {
  const places: Fault[] = [];
  const isWord = (character: string | undefined) => character !== undefined && /[-.\w]/.test(character);
  for (let start = text.indexOf(quoted); start >= 0; start = text.indexOf(quoted, start + 1)) {
    const end = start + quoted.length;
    const joined = isWord(text[start - 1]) && isWord(text[start]);
    if (!joined && !(isWord(text[end - 1]) && isWord(text[end]))) places.push({ start, end });
  }
  return places;
}

/** The names of a rotated capture's files: strftime's conversions, %n for the number of the file, and a number where neither tells files apart. */
import { basename, dirname, join } from "node:path";
import { usageError } from "../errors.ts";
import { ABBREVIATIONS, CONVERSIONS, type Conversion, formatted } from "./time-format.ts";

/** "again" is there only where a name comes a second time. */
type Part = string | Conversion | { readonly number: "always" | "again" };
const NUMBER = "n";
const NUMBER_LENGTH = 5;
/** What stands behind the number: .pcap, and .pcap.gz as a whole. */
const EXTENSIONS = /(?:\.[A-Za-z][A-Za-z0-9]*)?(?:\.(?:gz|zst))?$/;
/** What a program of --on-file may have made of a file. */
const COMPRESSED = "(?:\\.(?:gz|zst))?";
const PARTIAL = "\\.(?:\\d+\\.)?partial";

export class FileNames {
  /** As it was given. */
  readonly directory: string;
  readonly #parts: readonly Part[];
  readonly #finished: RegExp;
  readonly #any: RegExp;

  /**
   * @param template the name of --write
   * @param alwaysNumbered whether two files may begin in the same second
   * @throws RingcapError USAGE for a conversion that there is not, and for directories that change
   */
  constructor(template: string, alwaysNumbered: boolean) {
    const name = basename(template);
    this.directory = dirname(template);
    if (this.directory.includes("%")) {
      throw usageError("write", `"${template}" names directories by the time`, "use % behind the last / alone");
    }
    const numbered = /%n/.test(name.replaceAll("%%", ""));
    const timed = /%[^%]/.test(name.replaceAll("%%", ""));
    if (numbered) this.#parts = partsOf(name);
    else this.#parts = withNumber(name, timed && !alwaysNumbered ? "again" : "always");
    const pattern = this.#parts.map(patternOf).join("");
    this.#finished = new RegExp(`^${pattern}${COMPRESSED}$`);
    this.#any = new RegExp(`^${pattern}${COMPRESSED}(?:${PARTIAL})?$`);
  }

  /** Whether names differ by a number. */
  get isNumbered(): boolean {
    return this.#parts.some((part) => typeof part === "object" && "number" in part && part.number === "always");
  }

  /**
   * @param second since the epoch at which the file begins
   * @param number of the file; where names have none, how often this name has come
   * @returns a name without its directory
   */
  nameOf(second: number, number: number): string {
    const digits = String(number).padStart(NUMBER_LENGTH, "0");
    return this.#parts
      .map((part) => {
        if (typeof part === "string") return part;
        if (!("number" in part)) return formatted(part, second);
        if (part.number === "always") return digits;
        return number === 1 ? "" : `_${digits}`;
      })
      .join("");
  }

  /** The path of a name, in the words of the one that was given. */
  pathOf(name: string): string {
    return join(this.directory, name);
  }

  /** Whether a file of that name may be a finished one of this capture, or of an earlier one of the same command. */
  isFinished(name: string): boolean {
    return this.#finished.test(name);
  }

  /** Whether it is a file of such a capture that is being written, or was when the process was killed. */
  isPartial(name: string): boolean {
    return name.endsWith(".partial") && this.#any.test(name);
  }

  /** The highest number among names of a directory; 0 where none has one. */
  highestNumber(names: readonly string[]): number {
    return names.reduce((highest, name) => {
      const number = Number(this.#any.exec(name)?.[1] ?? 0);
      return Number.isSafeInteger(number) ? Math.max(highest, number) : highest;
    }, 0);
  }
}

/** "x.pcap.gz" becomes "x_%n.pcap.gz". */
function withNumber(name: string, number: "always" | "again"): Part[] {
  const [extensions = ""] = EXTENSIONS.exec(name) ?? [];
  const stem = name.slice(0, name.length - extensions.length);
  return [...partsOf(stem), ...(number === "always" ? ["_"] : []), { number }, ...partsOf(extensions)];
}

function partsOf(name: string): Part[] {
  const parts: Part[] = [];
  for (let rest = name; rest !== ""; ) {
    const [match, text = "", letter] = /^([^%]*)(?:%(.?))?/s.exec(rest) ?? [rest];
    if (text !== "") parts.push(text);
    rest = rest.slice(match.length);
    if (letter === undefined) continue;
    const abbreviated = ABBREVIATIONS[letter];
    if (abbreviated !== undefined) parts.push(...partsOf(abbreviated));
    else parts.push(letter === NUMBER ? { number: "always" } : conversionOf(letter));
  }
  return parts;
}

function conversionOf(letter: string): Conversion {
  const conversion = Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined;
  if (conversion !== undefined) return conversion;
  const known = [NUMBER, ...Object.keys(CONVERSIONS), ...Object.keys(ABBREVIATIONS)].map((name) => `%${name}`);
  throw usageError("write", `"%${letter}" is no part of a name`, `there are ${known.join(" ")}`);
}

function patternOf(part: Part): string {
  if (typeof part === "string") return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  if (!("number" in part)) return part.pattern;
  // Longer ones have no zeros in front.
  const number = `(\\d{${NUMBER_LENGTH}}|[1-9]\\d{${NUMBER_LENGTH},})`;
  return part.number === "always" ? number : `(?:_${number})?`;
}

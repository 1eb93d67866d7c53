/**
 * Makes the names of a rotated capture's files from conversions of strftime(3), from %n for the number of the file, and
 * from a number that is added where neither of them tells files apart.
 */
import { basename, dirname, join } from "node:path";
import { usageError } from "../errors.ts";
import { refuseDirectoryName } from "./output-path.ts";
import { ABBREVIATIONS, CONVERSIONS, type Conversion, formatted } from "./time-format.ts";

/** A part of a name. A number "again" is written only where the name would come a second time. */
type Part = string | Conversion | { readonly number: "always" | "again" };
const NUMBER = "n";
const NUMBER_LENGTH = 5;
/** Numbers from this one on are not looked at, so that a name with the highest number of all does not end the counting. */
const NUMBER_MAX = 1e12;
/** The extension behind the number, such as .pcap or .pcap.gz. The name .pcap has no extension. */
const EXTENSIONS = /(?<=.)(?:\.[A-Za-z][A-Za-z0-9]*)?(?:\.(?:gz|zst))?$/;
/** The extension that a program of --on-file may have added when it compressed a file. */
const COMPRESSED = "(?:\\.(?:gz|zst))?";
const PARTIAL = "\\.(?:\\d+\\.)?partial";

export class FileNames {
  /** The directory as the user gave it. */
  readonly directory: string;
  readonly #parts: readonly Part[];
  readonly #finished: RegExp;
  readonly #any: RegExp;

  /**
   * @param template the name of --write
   * @param alwaysNumbered whether two files may begin in the same second
   * @throws RingcapError USAGE for a conversion that does not exist, and for conversions in the directory
   */
  constructor(template: string, alwaysNumbered: boolean) {
    refuseDirectoryName(template);
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

  /** Whether every name has a number. */
  get isNumbered(): boolean {
    return this.#parts.some((part) => typeof part === "object" && "number" in part && part.number === "always");
  }

  /**
   * Returns a name without its directory.
   *
   * @param second seconds since the epoch at which the file begins
   * @param number the number of the file; where names have none, how often this name has come
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

  /** Returns the path of a name, with the directory as the user gave it. */
  pathOf(name: string): string {
    return join(this.directory, name);
  }

  /**
   * Whether a file of that name may be a finished one of this capture, or of an earlier capture with the same command.
   */
  isFinished(name: string): boolean {
    return this.#finished.test(name);
  }

  /** Whether a file of that name may be an unfinished one of such a capture, which goes on or was killed. */
  isPartial(name: string): boolean {
    return name.endsWith(".partial") && this.#any.test(name);
  }

  /** Returns the highest number below `NUMBER_MAX` among the names of a directory; 0 where no name has such a number. */
  highestNumber(names: readonly string[]): number {
    return names.reduce((highest, name) => {
      const number = Number(this.#any.exec(name)?.[1] ?? 0);
      return number < NUMBER_MAX ? Math.max(highest, number) : highest;
    }, 0);
  }
}

/** Adds the number to a name: "x.pcap.gz" becomes "x_%n.pcap.gz". */
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
  // Numbers with more digits than NUMBER_LENGTH have no zeros in front.
  const number = `(\\d{${NUMBER_LENGTH}}|[1-9]\\d{${NUMBER_LENGTH},})`;
  return part.number === "always" ? number : `(?:_${number})?`;
}

/** The text of a rule as words and signs, which are taken from left to right. */
import { usageError } from "../../errors.ts";
import { type Fault, nearest, underline, unitOf } from "../../options/index.ts";

export interface Token extends Fault {
  /** Empty at the end of the text. */
  readonly word: string;
}

export interface RuleNumber {
  readonly amount: number;
  /** Whether an x stood behind it. */
  readonly isMultiple: boolean;
  readonly token: Token;
}

/** Characters of a rule. */
const LENGTH_MAX = 200;
/** Beyond it, doubles do not hold whole numbers. */
const NUMBER_MAX = Number.MAX_SAFE_INTEGER;
const NUMBER = /^(\d+(?:\.\d+)?)([kMG])?(x)?$/i;

export class TriggerText {
  readonly #text: string;
  readonly #option: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  /** @throws RingcapError USAGE where the text is too long, or not made of printable characters of ASCII */
  constructor(text: string, option: string) {
    if (text.length > LENGTH_MAX) throw usageError(option, `a rule has ${LENGTH_MAX} characters at most`);
    if (!/^[ -~\t]*$/.test(text)) throw usageError(option, "a rule has no other characters than those of ASCII");
    this.#text = text;
    this.#option = option;
    this.#tokens = [...text.matchAll(/[\w.+-]+|\S/g)].map(({ 0: word, index }) => ({
      word,
      start: index,
      end: index + word.length,
    }));
  }

  peek(): Token {
    const end = this.#text.trimEnd().length;
    return this.#tokens[this.#next] ?? { word: "", start: end, end: end + 1 };
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Whether a word is next that is neither a number nor a sign. */
  isAtWord(): boolean {
    return /^[a-z]/i.test(this.peek().word);
  }

  takeWord(word: string): boolean {
    if (this.peek().word.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  takeSign(sign: "/" | ">"): boolean {
    return this.takeWord(sign);
  }

  takeOneOf<T extends string>(known: readonly T[]): T | undefined {
    return known.find((word) => this.takeWord(word));
  }

  takeNumber(): RuleNumber | undefined {
    const token = this.peek();
    const [, digits, unit, x] = NUMBER.exec(token.word) ?? [];
    if (digits === undefined) return undefined;
    const amount = Number(digits) * unitOf(unit);
    this.#next++;
    const apart = unit === undefined && x === undefined ? this.#takeUnit() : undefined;
    const whole = amount * unitOf(apart);
    if (whole > NUMBER_MAX) return this.failAt(token, "a smaller number");
    return { amount: whole, isMultiple: x !== undefined, token };
  }

  /** A unit that stands apart from its number: 20 k/s. */
  #takeUnit(): string | undefined {
    return this.takeOneOf(["k", "m", "g"]);
  }

  /** @param others words that may stand here too */
  expectEnd(others: readonly string[]): void {
    if (this.#next < this.#tokens.length) this.fail(["the end of the rule", ...others].join(" or "), others);
  }

  /** Refuses the next word. @param known words of which one may be meant */
  fail(expected: string, known: readonly string[]): never {
    return this.failAt(this.peek(), expected, known);
  }

  /** @param meant what is probably meant; default: the word that is near */
  failAt(token: Token, expected: string, known: readonly string[] = [], meant?: string): never {
    const near = meant ?? nearest(token.word, known);
    const suggestion = near === undefined ? "" : `; did you mean "${near}"?`;
    const found = token.word === "" ? "the end" : `"${token.word}"`;
    const shown = underline(this.#text, token);
    const message = `expected ${expected}, and found ${found}${suggestion}`;
    throw usageError(this.#option, shown === undefined ? message : `${message}\n${shown}`);
  }
}

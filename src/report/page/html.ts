/**
 * The only door to the page. What a template of `html` has in its own text is markup; every value that is put into it
 * is text, and is escaped for elements and for quoted attributes, of HTML and of SVG alike. Only `html` makes markup.
 */
import { printable } from "../../outputs/printable.ts";

export type Part = string | number | Markup | null | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };

/**
 * Markup with its values escaped. Null, undefined and false are nothing, and lists are one part after the other.
 *
 * @throws TypeError where a value would be an attribute without quotes, in which escaping is not enough
 */
export function html(template: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let text = template[0] ?? "";
  for (const [index, value] of values.entries()) {
    if (text.endsWith("=")) throw new TypeError(`an attribute needs quotes around its value: ${text.slice(-40)}`);
    text += partText(value) + (template[index + 1] ?? "");
  }
  return new Markup(text);
}

function partText(part: Part): string {
  if (part instanceof Markup) return part.toString();
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "object") return part.map(partText).join("");
  return escaped(String(part));
}

/** Characters that would steer a reader, such as those that reverse text, are shown as `\u202e`. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/** Tables that scroll inside of the page, with a caption and with scopes for those who hear them. */
import { percent } from "../words/numbers.ts";
import { html, type Markup, type Part } from "./html.ts";

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** @param caption it is the only one on its page @param rows the first cell of each is its heading @param note beside the caption */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
  note?: string,
): Markup {
  const heads = columns.map(({ title, isNumber }) => html`<th scope="col"${classOf(isNumber)}>${title}</th>`);
  const body = rows.map((cells) => {
    const [head, ...others] = cells;
    const tail = others.map((cell, index) => html`<td${classOf(columns[index + 1]?.isNumber)}>${cell}</td>`);
    return html`<tr><th scope="row">${head}</th>${tail}</tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}${note !== undefined && html` <small>${note}</small>`}</caption>
<thead><tr>${heads}</tr></thead><tbody>
${body}</tbody></table></div>`;
}

/** A share as a number with a bar behind it, which repeats the number to the eye. */
export function shareCell(share: number): Markup {
  return html`${percent(share)}${bar(share)}`;
}

export function bar(share: number): Markup {
  const width = Number((Math.max(0, Math.min(1, share)) * 100).toFixed(1));
  return html`<span class="bar" aria-hidden="true"><i style="width:${width}%"></i></span>`;
}

/** A list of names and values. Entries without a value are left out. */
export function facts(entries: readonly (readonly [string, Part])[]): Markup {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined && value !== false);
  return html`<dl class="facts">${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

export function section(id: string, title: string, ...parts: readonly Part[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${parts}
</section>
`;
}

export function sentences(list: readonly Part[]): Markup | null {
  return list.length === 0 ? null : html`<ul class="sentences">${list.map((one) => html`<li>${one}</li>\n`)}</ul>`;
}

function classOf(isNumber: boolean | undefined): Markup | null {
  return isNumber === true ? html` class="number"` : null;
}

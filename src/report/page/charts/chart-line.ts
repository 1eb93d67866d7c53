import { html, type Markup } from "../html.ts";

export interface ChartLine {
  /** The colour and the dashes, as the style of the page names them. */
  readonly style: string;
  readonly name: string;
  /** One number for each interval. */
  readonly values: readonly number[];
  /** Whether what is below the line is filled. */
  readonly isArea?: boolean;
}

/** A piece of a line as the charts have it, for a legend. */
export function lineKey(style: string): Markup {
  return html`<svg class="key" width="34" height="10" aria-hidden="true"><line class="line ${style}" x1="0" x2="34" y1="5" y2="5"/></svg>`;
}

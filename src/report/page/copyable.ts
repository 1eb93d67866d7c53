/** A text to copy, by a button where scripts run, and by hand everywhere. It is shown whole. */
import { html, type Markup } from "./html.ts";

export function copyable(name: string, text: string): Markup {
  return html`<div class="copy"><span>${name}</span><pre tabindex="0" aria-label="${name}"><code>${text}</code></pre><button type="button" data-copy hidden>Copy<span class="unseen"> for ${name}</span></button></div>`;
}

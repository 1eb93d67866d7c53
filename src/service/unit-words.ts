/** Writes texts into a unit, by the rules of systemd.syntax(7) and systemd.service(5), "Command lines". */

/** Words of these characters mean themselves in every place of a unit. */
const PLAIN = /^[\w./+@:,=^~!-]+$/;

/** Returns a word of ExecStart=, in which neither a specifier (%) nor a variable ($) is put in the place of anything. */
export function commandWord(word: string): string {
  const text = literal(word).replaceAll("$", "$$$$");
  return PLAIN.test(text) ? text : quoted(text);
}

/** Returns a path for a list of paths, such as that of ReadWritePaths=, in which $ means itself. */
export function pathWord(path: string): string {
  const text = literal(path);
  return PLAIN.test(text) ? text : quoted(text);
}

/** Returns a path of BindPaths=, in which a colon parts the source from the target. */
export function boundPathWord(path: string): string {
  return pathWord(path).replaceAll(":", "\\:");
}

/** Returns a text of a setting that is one text, such as Description=. */
export function literal(text: string): string {
  return text.replaceAll("%", "%%");
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}

/** Whether a unit can hold the text. A control character would end the line, or does not come back from a journal. */
export function fitsIntoUnit(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\ufffd]/u.test(text);
}

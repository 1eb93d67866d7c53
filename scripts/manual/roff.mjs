/** Text as troff takes it: groff_char(7), groff_man(7). */

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti");
}

/** A line that begins with a dot would be a request. @param {string} line */
function guard(line) {
  return line.startsWith(".") ? `\\&${line}` : line;
}

/** Text of which every sign is copied from the page: commands. @param {string} text */
export function literal(text) {
  return guard(escaped(text).replaceAll("-", "\\-"));
}

/**
 * Prose in lines that troff fills. Options are bold, and the names of values are italic.
 *
 * @param {string} text
 */
export function prose(text) {
  const marked = escaped(text.replaceAll(/\s+/g, " ").trim())
    .replaceAll(/<([A-Za-z][\w .+-]*)>/g, "\\fI$1\\fR")
    .replaceAll(/(^|[\s("/])(--?[A-Za-z#][\w-]*|--(?=[\s.,:]))/g, (_, before, option) => {
      return `${before}\\fB${option.replaceAll("-", "\\-")}\\fR`;
    });
  return fill(marked).map(guard).join("\n");
}

/** Paragraphs, with an empty line between two of them. @param {string} text @param {string} between a macro */
export function paragraphs(text, between = ".PP") {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map(prose)
    .join(`\n${between}\n`);
}

/** "-w, --write <file>": names in bold, values in italics. @param {string} flags */
export function term(flags) {
  return escaped(flags)
    .replaceAll(/(^|\s)(-[^\s,]+)/g, (_, before, name) => `${before}\\fB${name.replaceAll("-", "\\-")}\\fR`)
    .replaceAll(/<([^>]+)>/g, (_, name) => `\\fI${name.replaceAll("-", "\\-")}\\fR`);
}

/** "[options] <file> [-- command]" @param {string} usage */
export function synopsis(usage) {
  return escaped(usage)
    .replaceAll(/--?[a-z][a-z-]*|--(?=\s)/g, (option) => `\\fB${option.replaceAll("-", "\\-")}\\fR`)
    .replaceAll(/[a-z]+(?=\.\.\.|[\]>])/g, (name) => `\\fI${name}\\fR`)
    .replaceAll(/[<>]/g, "");
}

const COLUMNS = 80;

/** A sentence begins a line, so that troff puts the same space behind each. @param {string} text @returns {string[]} */
function fill(text) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= COLUMNS && !/[.?!]$/.test(last);
    if (fits) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

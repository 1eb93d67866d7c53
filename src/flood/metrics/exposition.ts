/**
 * The text that Prometheus reads, in version 0.0.4 of its format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */

export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Metric {
  /** A counter never falls while the process lives, and its name ends in _total. */
  readonly type: "counter" | "gauge";
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Returns the text of metrics, each of which has a name of its own. A metric without samples is left out. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ type, name, help, samples }) => {
      const lines = samples.map(({ value, labels = {} }) => `${name}${labelText(labels)} ${numberText(value)}\n`);
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("");
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** Escapes what the format escapes. Halves of surrogate pairs, which UTF-8 does not have, become U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/\p{Cs}/gu, "\ufffd")
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n");
}

/** Returns a number as Go's ParseFloat reads it. */
function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

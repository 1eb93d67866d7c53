/** Numbers as the sentences of a verdict have them. */
export function number(value: number): string {
  if (value > 0 && value < 10) return String(Number(value.toPrecision(2)));
  return Math.round(value).toLocaleString("en");
}

/** @param word in the singular */
export function counted(value: number, word: string): string {
  const plural = word.endsWith("s") ? `${word}es` : `${word}s`;
  return `${number(value)} ${Math.round(value) === 1 ? word : plural}`;
}

/**
 * "about 80,000 addresses": an estimate with no more digits than it is sure of.
 *
 * @param word in the singular
 */
export function about(value: number, word: string): string {
  return `about ${counted(value < 100 ? value : Number(value.toPrecision(2)), word)}`;
}

export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "less than 0.1 %";
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

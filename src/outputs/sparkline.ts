/** A line of bars, one for each number. */

const BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

/** @param width bars at most; the last numbers are shown, and the largest of them fills a place @returns blanks for zeros */
export function sparkline(numbers: readonly number[], width: number): string {
  const shown = numbers.slice(-width);
  const largest = Math.max(...shown, 0);
  return shown
    .map((number) => (number > 0 ? (BARS[Math.ceil((number / largest) * BARS.length) - 1] ?? "") : " "))
    .join("");
}

/**
 * Numbers as the path of an SVG: a line of steps, one unit wide for each number, and upwards in thousandths of the
 * largest number of the scale, because browsers draw nothing at coordinates of 15 digits. The viewBox scales it, so
 * that one path serves a chart, its small picture in a table, and zooming. The script of the page reads the numbers
 * from the path.
 */

/** The height of a scale in an SVG. */
export const FULL_HEIGHT = 1000;
/** What is kept of a number, which is finer than a screen shows: digits, and decimals of the thousandths. */
const DIGITS = 3;
const DECIMALS = 3;

/** @param numbers that are not negative @param maximum of the scale, as of niceMaximum() */
export function stepPath(numbers: readonly number[], maximum: number): string {
  let path = "M0 0";
  let last: number | undefined;
  let run = 0;
  for (const number of numbers) {
    const height = heightOf(number, maximum);
    if (height !== last) {
      if (run > 0) path += `h${run}`;
      path += `V${-height}`;
      run = 0;
    }
    last = height;
    run++;
  }
  return run > 0 ? `${path}h${run}V0` : path;
}

/** SVG counts downwards, so that a height is drawn at its negative. */
export function heightOf(number: number, maximum: number): number {
  const height = (number / maximum) * FULL_HEIGHT;
  return Number(Number(height.toPrecision(DIGITS)).toFixed(DECIMALS));
}

/** The next larger number of 1, 2, 4, 6, 8 by a power of ten, whose quarters read well. */
export function niceMaximum(largest: number): number {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const factor = [1, 2, 4, 6, 8, 10].find((one) => one * power >= largest * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export function largestOf(numbers: readonly number[]): number {
  return numbers.reduce((largest, number) => Math.max(largest, number), 0);
}

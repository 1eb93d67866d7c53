/**
 * Numbers as the path of an SVG: a line of steps, one unit wide for each number, upwards by the number itself. The
 * viewBox scales it, so that one path serves a chart, its small picture in a table, and zooming. The script of the page
 * reads the numbers from the path.
 */

/** Digits of a number that a line keeps, which is finer than a screen shows. */
const DIGITS = 3;

/** @param numbers that are not negative */
export function stepPath(numbers: readonly number[]): string {
  let path = "M0 0";
  let last: string | undefined;
  let run = 0;
  for (const number of numbers) {
    const place = upwards(number);
    if (place !== last) {
      if (run > 0) path += `h${run}`;
      path += `V${place}`;
      run = 0;
    }
    last = place;
    run++;
  }
  return run > 0 ? `${path}h${run}V0` : path;
}

/** SVG counts downwards. Path data takes exponents (SVG 1.1, 8.3.9). */
function upwards(number: number): string {
  const rounded = Number(number.toPrecision(DIGITS));
  if (rounded === 0) return "0";
  const exponent = Math.floor(Math.log10(rounded)) - DIGITS + 1;
  if (exponent < 1) return String(-rounded);
  return `-${Math.round(rounded / 10 ** exponent)}e${exponent}`;
}

/** The next larger number of 1, 2, 4, 6, 8 by a power of ten, whose quarters read well. */
export function niceMaximum(largest: number): number {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const factor = [1, 2, 4, 6, 8, 10].find((one) => one * power >= largest * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Finds what a misspelt word was meant to be. */

/** The part of a word's letters that may differ: one letter of three, and two of six. */
const LONGEST_DISTANCE = 1 / 3;

/** Returns the first word of a list that was probably meant by a misspelt word; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const longest = Math.min(2, Math.floor(word.length * LONGEST_DISTANCE));
  return known.find((one) => distance(word.toLowerCase(), one) <= longest);
}

/**
 * Returns how many letters of one word have to be changed, added, left out or exchanged with their neighbour to make
 * the other word (optimal string alignment).
 */
export function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      const isExchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isExchanged) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? 0;
}

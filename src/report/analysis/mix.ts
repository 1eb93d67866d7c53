/** Hashes of 32 bits in which each bit depends on every bit of the key. Equal keys have equal hashes in every run. */

const SEED = 0x3c6e_f372;

/** The end of MurmurHash3, which gives different numbers different hashes. */
export function mix(word: number): number {
  let mixed = word ^ SEED;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The hash of a hash and one more word of the key. */
export function mixInto(hash: number, word: number): number {
  return mix(Math.imul(hash, 0x9e37_79b1) + word);
}

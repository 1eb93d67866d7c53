/** What all option sets share. */
export { numberIn, oneOf } from "./checks.ts";
export { distance, nearest } from "./nearest.ts";
export { bytesOf, SIZE_HINT, secondsOf, TIME_HINT, unitOf } from "./quantities.ts";
export { shellWord } from "./shell-word.ts";
export { type Fault, underline } from "./underline.ts";

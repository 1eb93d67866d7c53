/** What all option sets share. */
export { numberIn, oneOf } from "./checks.ts";

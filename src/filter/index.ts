/** What the command line uses of the filters. */
export { filterText } from "./filter-text.ts";
export { passableKinds } from "./passable/passable-kinds.ts";

import { toLineOptions } from "../../src/cli/line-options.ts";

/** Lines without any option, and without their time. */
export const PLAIN_LINES = toLineOptions({ t: 1 }, "micro");

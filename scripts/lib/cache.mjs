// Where what was downloaded is kept from one run to the next.
import { homedir } from "node:os";
import { join } from "node:path";

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ringcap");

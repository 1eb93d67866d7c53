/** Replaces addresses in captures and in reports. */
export { AnonymizedSource } from "./anonymized-source.ts";
export { Anonymizer } from "./anonymizer.ts";
export { type KeyFile, openKeyFile, randomKey } from "./key-file.ts";

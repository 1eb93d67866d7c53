// Runs before `npm publish`: what only the owner of the package knows has to be filled in, so that no page of a registry shows a
// dead link. docs/package.md says how.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const missing = ["repository", "bugs", "homepage"].filter((field) => manifest[field] === undefined);
if (missing.length > 0) {
  const commands = missing.map((field) => `npm pkg set ${field}=https://...`);
  process.stderr.write(`publish: package.json has no ${missing.join(", ")}. Fill in where the project lives:\n`);
  process.stderr.write(`  ${commands.join("\n  ")}\n`);
  process.exitCode = 1;
}

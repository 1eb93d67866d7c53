/**
 * Writes the code that V8 has made of the command line after a command ran: `node scripts/code-cache.mjs FILE`. Functions
 * that the command did not call are compiled when they are called.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { codeCachePath, compileProgram, loadProgram } from "../dist/cli/load-program.js";

const file = resolve(process.argv[2] ?? "");
const directory = mkdtempSync(join(tmpdir(), "ringcap-build-"));
const output = ["-w", join(directory, "out.pcap"), "--user", "none", "--quiet"];
process.argv.splice(1, Infinity, file, "replay", "fixtures/syn-flood-ipv4.pcap", "--engine", "user", ...output);

const script = compileProgram(file);
process.on("exit", () => {
  rmSync(directory, { recursive: true });
  const partial = `${codeCachePath(file)}.partial`;
  writeFileSync(partial, script.createCachedData());
  renameSync(partial, codeCachePath(file));
});
await loadProgram(file, script).run();

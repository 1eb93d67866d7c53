// The package as it is published.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

const BYTES_MAX = 2_000_000;

/** @param {string} folder @returns {{ tarball: string, summary: string }} @throws {Error} when it is too large */
export function pack(folder) {
  const words = ["pack", "--json", "--pack-destination", folder];
  const output = execFileSync("npm", words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  // Some versions of npm print a list, others an object by name.
  const [packed] = Object.values(JSON.parse(output));
  const tarball = join(folder, packed.filename);
  const bytes = statSync(tarball).size;
  if (bytes > BYTES_MAX) throw new Error(`the package has ${bytes} bytes, more than ${BYTES_MAX}`);
  return { tarball, summary: `${bytes} bytes, ${packed.files.length} files, ${packed.unpackedSize} bytes unpacked` };
}

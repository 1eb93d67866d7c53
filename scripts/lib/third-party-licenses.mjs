// The licenses of what is inside the package's own files: of the npm packages in the bundled command line, and of Debian's
// static libraries in the addons. Packages that lie in node_modules of the package have theirs beside them.
import { readFileSync, writeFileSync } from "node:fs";

const FILE = "THIRD-PARTY-LICENSES.txt";
/** What rolldown lays into dist/cli/command-line.cjs. */
const BUNDLED = ["commander", "dns-packet", "@leichtgewicht/ip-codec", "yaml"];
/** What binding.gyp links by its archive. */
const LINKED = ["libbpf-dev", "libelf-dev", "zlib1g-dev"];

export function writeThirdPartyLicenses() {
  const parts = [
    ...BUNDLED.map((name) => part(`${name}, in dist/cli/command-line.cjs`, read(`node_modules/${name}/LICENSE`))),
    ...LINKED.map((name) => part(`${name} of Debian, in prebuilds/`, read(`/usr/share/doc/${name}/copyright`))),
  ];
  writeFileSync(FILE, parts.join("\n"));
}

/** @param {string} title @param {string} text */
function part(title, text) {
  return `${title}\n${"=".repeat(title.length)}\n\n${text.trim()}\n`;
}

/** @param {string} file */
function read(file) {
  return readFileSync(file, "utf8");
}

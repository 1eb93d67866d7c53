/** Asks the programs that show manual pages what is wrong with those of packaging/man. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { installDebianPackages } from "../lib/debian-packages.mjs";

/** Each complains on standard output or standard error where a page is not in order. @type {(page: string) => string[][]} */
const judges = (page) => [
  ["mandoc", "-T", "lint", "-W", "warning", page],
  ["groff", "-man", "-ww", "-T", "utf8", "-z", page],
  ["sh", "-c", 'MANWIDTH=80 LC_ALL=C.UTF-8 exec man --warnings -l "$1" >/dev/null', "man", page],
];

/** @param {string} folder with the pages @returns {string} what was asked */
export function checkManual(folder) {
  installDebianPackages(["mandoc", "man-db", "groff"]);
  const pages = readdirSync(folder).filter((name) => name.endsWith(".1"));
  if (pages.length === 0) throw new Error(`no page is in ${folder}`);
  const complaints = pages.flatMap((page) =>
    judges(join(folder, page)).flatMap(([program = "", ...words]) => {
      const { status, error, stdout, stderr } = spawnSync(program, words, { encoding: "utf8" });
      const said = `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`.trim();
      return status === 0 && said === "" ? [] : [`${program}: ${page}: ${said}`];
    }),
  );
  if (complaints.length > 0) throw new Error(`\n${complaints.join("\n")}`);
  return `${pages.length} pages without a warning of mandoc, groff and man`;
}

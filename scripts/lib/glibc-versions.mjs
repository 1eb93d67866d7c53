// Which glibc a shared object needs.
import { execFileSync } from "node:child_process";

/**
 * The functions of glibc and libstdc++ that a shared object takes, each as `name@VERSION`.
 *
 * @param {string} file
 * @returns {string[]}
 */
export function versionedSymbols(file) {
  const text = execFileSync("readelf", ["--dyn-syms", "--wide", file], { encoding: "utf8", maxBuffer: 1 << 26 });
  return [...text.matchAll(/ UND (\S+@GLIBC\S+)/g)].map(([, symbol = ""]) => symbol);
}

/**
 * Those which Debian 11 (glibc 2.31, libstdc++ of GCC 10) does not have.
 *
 * @param {string} file
 */
export function symbolsAfterDebian11(file) {
  return versionedSymbols(file).filter((symbol) => {
    const [, library = "", version = ""] = /@(GLIBC\w*)_([\d.]+)/.exec(symbol) ?? [];
    return isLater(version, library === "GLIBC" ? "2.31" : "3.4.28");
  });
}

/** @param {string} version @param {string} other */
function isLater(version, other) {
  return version.localeCompare(other, "en", { numeric: true }) > 0;
}

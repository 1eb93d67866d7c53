// Compiles native/extcap_rights.c: without a C library, so that one file serves all of an architecture.
import { execFileSync } from "node:child_process";

/** @param {string} compiler gcc, or that for another architecture @param {string} output the path of the program */
export function compileExtcapRights(compiler, output) {
  const warnings = ["-Wall", "-Wextra", "-Werror"];
  const alone = ["-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-fno-pic", "-no-pie"];
  // Only its code and its constants: 9 kB.
  const small = ["-O2", "-s", "-Wl,--build-id=none"];
  const source = "native/extcap_rights.c";
  execFileSync(compiler, [...warnings, ...alone, ...small, "-o", output, source], { stdio: ["ignore", 2, 2] });
}

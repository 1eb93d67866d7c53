// Packages of Debian that this machine needs: installed by root, named to everybody else.
import { spawnSync } from "node:child_process";

/**
 * Without a package manager of Debian's nothing happens: what misses a tool says so itself.
 *
 * @param {readonly string[]} wanted
 * @throws {Error} what to install, or what apt-get said
 */
export function installDebianPackages(wanted) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the format is dpkg-query's own
  const query = spawnSync("dpkg-query", ["-W", "-f", "${Package} ${Status}\n", ...wanted], { encoding: "utf8" });
  if (query.error) return;
  const installed = new Set(
    query.stdout
      .split("\n")
      .filter((line) => line.endsWith(" install ok installed"))
      .map((line) => line.split(" ")[0]),
  );
  const missing = wanted.filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0) {
    throw new Error(`Debian packages are missing. Run:\n  sudo apt-get ${install.join(" ")}`);
  }
  process.stderr.write(`setup: installing ${missing.join(" ")}\n`);
  run("apt-get", ["update", "--quiet"]);
  run("apt-get", install);
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, error, stdout, stderr } = spawnSync(command, args, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(" ")} failed\n${error?.message ?? ""}${stdout ?? ""}${stderr ?? ""}`);
}

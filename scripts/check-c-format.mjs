// Checks that the C and C++ sources are formatted as .clang-format says; --write formats them.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const files = ["bpf", "native", "bench/programs"].flatMap((directory) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(c|cc|h)$/.test(name))
    .map((name) => `${directory}/${name}`),
);
const mode = process.argv.includes("--write") ? ["-i"] : ["--dry-run", "--Werror"];
const { status, error } = spawnSync("clang-format", [...mode, ...files], { stdio: "inherit" });
if (error) process.stderr.write(`clang-format: ${error.message}\n`);
process.exit(status ?? 1);

// Builds everything a clone needs, in the order in which the parts need each other. A step whose inputs did not change
// is skipped (scripts/lib/build-step.mjs).
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesIn, step } from "./lib/build-step.mjs";
import { BUNDLED_COMMAND_LINE, bundle } from "./lib/bundle.mjs";
import { compileExtcapRights } from "./lib/extcap-rights.mjs";
import { removeLineInformation } from "./lib/line-information.mjs";
import { layTypes } from "./lib/types-of-package.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

/** @param {string} command @param {string[]} args */
function run(command, args) {
  try {
    execFileSync(command, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", maxBuffer: 1 << 26 });
  } catch (error) {
    const output =
      error instanceof Error && "stdout" in error && "stderr" in error ? `${error.stdout}${error.stderr}` : "";
    process.stderr.write(`${output}\nbuild: ${command} ${args.join(" ")} failed\n`);
    process.exit(1);
  }
}

const bpfHeaders = filesIn("bpf", /\.h$/);
const nativeFiles = filesIn("native", /\.(h|cc|c)$/);

const layoutSources = filesIn("native/layouts", /\.c$/);
const layoutHeaders = [...bpfHeaders, "native/layouts/layouts.h", "native/batch_record.h"];
await step("layouts", [...layoutHeaders, ...layoutSources], ["src/generated/layouts.ts"], () => {
  mkdirSync("build", { recursive: true });
  mkdirSync("src/generated", { recursive: true });
  run("gcc", ["-O1", "-Wall", "-Wextra", "-Werror", "-Ibpf", "-o", "build/layouts", ...layoutSources]);
  writeFileSync("src/generated/layouts.ts", execFileSync("build/layouts", { encoding: "utf8" }));
});

for (const source of filesIn("bpf", /\.bpf\.c$/)) {
  const object = join("dist/bpf", basename(source).replace(/\.c$/, ".o"));
  await step(basename(source), [...bpfHeaders, "scripts/lib/line-information.mjs", source], [object], () => {
    mkdirSync("dist/bpf", { recursive: true });
    // The kernel's types for this machine's architecture lie in a folder that clang's BPF target does not search.
    const architecture = execFileSync("gcc", ["-print-multiarch"], { encoding: "utf8" }).trim();
    const warnings = ["-Wall", "-Wextra", "-Werror"];
    const target = ["-target", "bpf", "-mcpu=v3", "-O2", "-g"];
    run("clang", [...target, ...warnings, `-I/usr/include/${architecture}`, "-Ibpf", "-c", source, "-o", object]);
    // What only debuggers read; BTF stays.
    run("llvm-strip", ["--strip-debug", object]);
    removeLineInformation(object);
  });
}

await step("extcap rights", ["native/extcap_rights.c"], ["build/extcap-rights"], () => {
  compileExtcapRights("gcc", "build/extcap-rights");
});

const addon = "build/Release/ringcap.node";
await step("addon", ["binding.gyp", ...bpfHeaders, ...nativeFiles], [addon], () => {
  run("npx", ["--no-install", "node-gyp", "configure", "build", "--jobs", "max"]);
});

await step(
  "typescript",
  // The lock file tells the versions of the libraries that are bundled.
  [
    ...["tsconfig.json", "package.json", "package-lock.json", "scripts/lib/bundle.mjs"],
    ...["scripts/lib/types-of-package.mjs", ...filesIn("src", /\.ts$/)],
  ],
  ["dist/index.js", BUNDLED_COMMAND_LINE],
  async () => {
    // What a deleted source left behind must not be found.
    for (const entry of existsSync("dist") ? readdirSync("dist") : []) {
      if (entry !== "bpf") rmSync(join("dist", entry), { recursive: true });
    }
    run("npx", ["--no-install", "tsc", "-p", "tsconfig.json"]);
    layTypes();
    await bundle();
    chmodSync("dist/bundle/main.cjs", 0o755);
  },
);

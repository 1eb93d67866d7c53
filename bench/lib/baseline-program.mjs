// The programs of bench/programs/baseline.bpf.c, compiled when they are first wanted.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BpfObject } from "../../dist/native/object.js";

const source = fileURLToPath(new URL("../programs/baseline.bpf.c", import.meta.url));
const directory = fileURLToPath(new URL("../../build/bench", import.meta.url));

/** @param {"pass" | "drop"} name */
export function loadBaseline(name) {
  const object = `${directory}/baseline-${process.pid}.bpf.o`;
  mkdirSync(directory, { recursive: true });
  const architecture = execFileSync("gcc", ["-print-multiarch"], { encoding: "utf8" }).trim();
  const flags = ["-target", "bpf", "-mcpu=v3", "-O2", "-g", `-I/usr/include/${architecture}`];
  execFileSync("clang", [...flags, "-c", source, "-o", object]);
  const opened = new BpfObject(readFileSync(object), "baseline");
  execFileSync("rm", [object]);
  opened.load();
  const program = opened.program(name);
  opened.close();
  return program;
}

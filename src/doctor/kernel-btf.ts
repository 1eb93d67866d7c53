/** The kernel's own type information, by which `ringcap connections` finds the fields of its structures. */
import { accessSync, constants, readFileSync } from "node:fs";
import { errnoOf } from "../errors.ts";
import type { Check } from "./check.ts";

const FILE = "/sys/kernel/btf/vmlinux";

let mapIterator: boolean | undefined;

/** Whether BPF programs can run over the entries of a map: Linux 5.9. */
export function hasMapIterator(): boolean {
  mapIterator ??= readFileSync(FILE).includes("bpf_iter__bpf_map_elem");
  return mapIterator;
}

export function checkKernelBtf(): Check {
  const name = "kernel BTF";
  try {
    accessSync(FILE, constants.R_OK);
    return { name, status: "ok", finding: FILE };
  } catch (error) {
    const seen = errnoOf(error) === "ENOENT" ? "is not there" : `cannot be read (${errnoOf(error)})`;
    return {
      name,
      status: "warning",
      finding: `${FILE} ${seen}: capture works without, \`ringcap connections\` does not`,
      remedy: "mount /sys, or use a kernel built with CONFIG_DEBUG_INFO_BTF=y",
    };
  }
}

/** The kernel's own type information, by which `ringcap connections` finds the fields of its structures. */
import { accessSync, constants, readFileSync } from "node:fs";
import { errnoOf } from "../errors.ts";

export const KERNEL_BTF_FILE = "/sys/kernel/btf/vmlinux";

let mapIterator: boolean | undefined;

/** Whether BPF programs can iterate over the entries of a map, which came with Linux 5.9. */
export function hasMapIterator(): boolean {
  mapIterator ??= readFileSync(KERNEL_BTF_FILE).includes("bpf_iter__bpf_map_elem");
  return mapIterator;
}

/** What is wrong with the file, as "is not there"; undefined where it can be read. */
export function kernelBtfFault(): string | undefined {
  try {
    accessSync(KERNEL_BTF_FILE, constants.R_OK);
    return undefined;
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? "is not there" : `cannot be read (${errnoOf(error)})`;
  }
}

/** How to get the file. */
export const KERNEL_BTF_REMEDY = "mount /sys, or use a kernel built with CONFIG_DEBUG_INFO_BTF=y";

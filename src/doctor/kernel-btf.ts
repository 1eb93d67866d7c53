/** Whether the kernel tells the layout of its structures, which `ringcap connections` needs. */
import { KERNEL_BTF_FILE, KERNEL_BTF_REMEDY, kernelBtfFault } from "../host/kernel-btf.ts";
import type { Check } from "./check.ts";

export function checkKernelBtf(): Check {
  const name = "kernel BTF";
  const fault = kernelBtfFault();
  if (fault === undefined) return { name, status: "ok", finding: KERNEL_BTF_FILE };
  const finding = `${KERNEL_BTF_FILE} ${fault}: capture works without, \`ringcap connections\` does not`;
  return { name, status: "warning", finding, remedy: KERNEL_BTF_REMEDY };
}

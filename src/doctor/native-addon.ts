/** Whether the addon can be loaded. Without it there is neither libbpf nor a list of interfaces. */
import { RingcapError, reasonOf } from "../errors.ts";
import { loadAddon } from "../native/system.ts";
import type { Check } from "./check.ts";

export function checkNativeAddon(load: () => unknown = loadAddon): Check {
  const name = "native addon";
  try {
    load();
    return { name, status: "ok", finding: `loaded (${process.platform} ${process.arch})` };
  } catch (error) {
    const hint = error instanceof RingcapError ? error.hint : undefined;
    return { name, status: "missing", finding: reasonOf(error), ...(hint === undefined ? {} : { remedy: hint }) };
  }
}

/** Offsets into what the kernel hands to programs. */
import { SKB_CONTEXT, XDP_CONTEXT } from "../../../generated/layouts.ts";
import type { FilterHook } from "../hook.ts";

/** Where the packet's linear bytes begin and end. */
export function contextOf(hook: FilterHook): { data: number; dataEnd: number } {
  return hook === "xdp" ? XDP_CONTEXT : SKB_CONTEXT;
}

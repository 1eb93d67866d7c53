/**
 * LINKTYPE_PFLOG: struct pfloghdr of OpenBSD's sys/net/if_pflog.h. Rule numbers are in network byte order, and the user
 * and process ids are in host byte order. The header of older systems is shorter and has no such ids.
 */
import { swap32 } from "./swap.ts";

/** Offsets in bytes of uid, pid, rule_uid and rule_pid. */
const HOST_ORDER_FIELDS = [44, 48, 52, 56];

export function swapPflog(view: DataView, start: number, captured: number, original: number): void {
  if (captured === 0) return;
  const length = Math.min(captured, original, view.getUint8(start));
  for (const field of HOST_ORDER_FIELDS) {
    if (field + 4 > length) return;
    swap32(view, start + field);
  }
}

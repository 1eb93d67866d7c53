/**
 * LINKTYPE_PFLOG: struct pfloghdr of OpenBSD's sys/net/if_pflog.h. Rule numbers are in network byte order, the user and
 * process ids are not. Older systems have a shorter header, without them.
 */
import { swap32 } from "./swap.ts";

/** Of uid, pid, rule_uid and rule_pid. */
const HOST_ORDER_FIELDS = [44, 48, 52, 56];

export function swapPflog(view: DataView, start: number, captured: number, original: number): void {
  if (captured === 0) return;
  const length = Math.min(captured, original, view.getUint8(start));
  for (const field of HOST_ORDER_FIELDS) {
    if (field + 4 > length) return;
    swap32(view, start + field);
  }
}

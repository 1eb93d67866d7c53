/** IP protocols: "tcp,udp,47". */
import { itemError, type ListOption, type ListReader, listItems } from "./lists.ts";

/** IANA protocol numbers. */
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["tcp", 6],
  ["udp", 17],
  ["icmp6", 58],
  ["sctp", 132],
]);

/** @throws RingcapError USAGE that names the option and the item */
export function parseProtocols(option: string, list: ListOption, read?: ListReader): number[] {
  return listItems(option, list, read).map((item) => {
    const { text } = item;
    const number = PROTOCOLS.get(text.toLowerCase()) ?? (/^\d{1,3}$/.test(text) ? Number(text) : -1);
    if (number < 0 || number > 255) {
      const names = [...PROTOCOLS.keys()].join(", ");
      throw itemError(option, item, "is not a protocol", `write ${names} or a number from 0 to 255`);
    }
    return number;
  });
}

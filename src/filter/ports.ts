/** Port lists: "80,443,8000-8100". */
import { itemError, type ListOption, type ListReader, listItems } from "./lists.ts";

/** Both ends belong to the range. */
export interface PortRange {
  first: number;
  last: number;
}

const PORT_MAX = 65_535;

/** @throws RingcapError USAGE that names the option and the item */
export function parsePorts(option: string, list: ListOption, read?: ListReader): PortRange[] {
  return listItems(option, list, read).map((item) => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item.text);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first > PORT_MAX || last > PORT_MAX) {
      throw itemError(option, item, `is not a port from 0 to ${PORT_MAX}`, "write a list such as 80,443,8000-8100");
    }
    if (first > last) throw itemError(option, item, "is a range that ends before it begins", `write ${last}-${first}`);
    return { first, last };
  });
}

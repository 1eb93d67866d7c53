/** TFTP (RFC 1350). */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { addText } from "./text.ts";

const operationName = namesOf({ 1: "RRQ", 2: "WRQ", 3: "DATA", 4: "ACK", 5: "ERROR", 6: "OACK" }, "tftp-#%d");
const errorName = namesOf(
  {
    0: "ENOTDEF",
    1: "ENOTFOUND",
    2: "EACCESS",
    3: "ENOSPACE",
    4: "EBADOP",
    5: "EBADID",
    6: "EEXISTS",
    7: "ENOUSER",
  },
  'tftp-err-#%d "',
);

/** Prints text such as `TFTP, length 20, RRQ "pxelinux.0" octet`. */
export function printTftp(line: Line, at: number, length: number): void {
  line.protocol = "tftp";
  line.add(`TFTP, length ${length}`);
  if (length < 2) return line.mark();
  const operation = line.u16(at);
  line.add(`, ${operationName(operation)}`);
  switch (operation) {
    case 1:
    case 2:
    case 6: {
      let place = at + 2;
      for (let index = 0; place < at + length; index++) {
        const quote = index === 0 && operation !== 6 ? '"' : "";
        line.add(` ${quote}`);
        const end = line.bytes.indexOf(0, place);
        const stop = end < 0 ? Math.min(at + length, line.end) : Math.min(end, at + length);
        addText(line, place, stop - place);
        line.add(quote);
        if (end < 0 || end >= line.end) line.cut();
        place = stop + 1;
      }
      return;
    }
    case 3:
    case 4:
      if (length < 4) return line.mark();
      return line.add(` block ${line.u16(at + 2)}`);
    case 5:
      if (length < 4) return line.mark();
      line.add(` ${errorName(line.u16(at + 2))} "`);
      addText(line, at + 4, length - 4, true);
      return line.add('"');
    default:
      return;
  }
}

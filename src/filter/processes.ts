/** Lists of processes, by id and by name. */
import { itemError, type ListOption, listItems } from "./lists.ts";

/** TASK_COMM_LEN of include/linux/sched.h, less the 0 at its end. */
const COMM_MAX = 15;
/** PID_MAX_LIMIT of include/linux/threads.h. */
const PID_MAX = 4_194_304;

export function parsePids(list: ListOption): number[] {
  return listItems("pid", list).map((item) => {
    const pid = Number(item.text);
    if (!/^\d{1,7}$/.test(item.text) || pid < 1 || pid > PID_MAX) throw itemError("pid", item, "is not a process id");
    return pid;
  });
}

export function parseComms(list: ListOption): string[] {
  return listItems("comm", list).map((item) => {
    const { text } = item;
    if (Buffer.byteLength(text) > COMM_MAX) {
      // The bytes are decoded as the beginning of a stream, without a last character that is not complete.
      const kept = new TextDecoder().decode(Buffer.from(text).subarray(0, COMM_MAX), { stream: true });
      const hint = `the kernel keeps ${COMM_MAX} bytes of a name: try \`comm: "${kept}"\``;
      throw itemError("comm", item, "is longer than any name of a process", hint);
    }
    return text;
  });
}

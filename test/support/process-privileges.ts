/** What the kernel says that a process may do. */
import { readdirSync, readFileSync } from "node:fs";

export const NO_CAPABILITY = "0000000000000000";

const FIELDS = /^(Uid|Gid|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):[ \t]*(.*?)[ \t]*$/gm;

export type ThreadStatus = Readonly<Record<string, string>>;

/** The privileges of the threads of a process as /proc/PID/task/TID/status has them, those that differ. */
export function privilegesOfThreads(pid: number | undefined): ThreadStatus[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const texts = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8"));
  const all = texts.map((text) => [...text.matchAll(FIELDS)].map(([, name, value]) => [name, value]));
  const different = new Set(all.map((fields) => JSON.stringify(fields)));
  return [...different].map((text) => Object.fromEntries(JSON.parse(text)));
}

/** Of a process that has given up everything, in all threads alike. */
export function withoutPrivileges(user: number, capabilities = NO_CAPABILITY): ThreadStatus[] {
  const ids = Array(4).fill(user).join("\t");
  return [
    {
      Uid: ids,
      Gid: ids,
      CapInh: NO_CAPABILITY,
      CapPrm: capabilities,
      CapEff: capabilities,
      CapBnd: capabilities,
      CapAmb: NO_CAPABILITY,
      NoNewPrivs: "1",
    },
  ];
}

/** Makes chosen calls into the C library fail, by a library that is preloaded (failing-calls.c). */
import { execFileSync } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

export interface FailingCall {
  readonly call: string;
  readonly error: keyof typeof constants.errno;
}

/** What capturing calls, from its start to its end, each with an error that the kernel gives. */
export const FAILING_CALLS: readonly FailingCall[] = [
  { call: "bpf", error: "ENOMEM" },
  { call: "mmap64", error: "ENOMEM" },
  { call: "epoll_create1", error: "EMFILE" },
  { call: "epoll_ctl", error: "ENOSPC" },
  { call: "timerfd_create", error: "EMFILE" },
  { call: "timerfd_settime", error: "EINVAL" },
  { call: "socket", error: "ENFILE" },
  { call: "setsockopt", error: "ENOBUFS" },
  { call: "open", error: "EMFILE" },
  { call: "statx", error: "EIO" },
  { call: "write", error: "ENOSPC" },
  { call: "ftruncate64", error: "EIO" },
  { call: "fsync", error: "EIO" },
  { call: "close", error: "EIO" },
];

/** Builds the library. @returns its path, for LD_PRELOAD */
export function buildFailingCalls(directory: string): string {
  return buildPreload(directory, "failing-calls");
}

/** Builds the library of held-detachment.c. @returns its path, for LD_PRELOAD */
export function buildHeldDetachment(directory: string): string {
  return buildPreload(directory, "held-detachment");
}

function buildPreload(directory: string, name: string): string {
  const library = join(directory, `${name}.so`);
  const source = new URL(`${name}.c`, import.meta.url).pathname;
  const flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror"];
  execFileSync("gcc", [...flags, "-o", library, source, "-ldl"]);
  return library;
}

/** What follows /failing-calls/, and the value of FAILING_CALLS: the call's `number`-th time fails. */
export function choiceOf({ call, error }: FailingCall, number: number): string {
  return `${call}/${constants.errno[error]}/${number}`;
}

/** The guest's own network and modules. Nothing but the jobs runs there, so they share one pair of interfaces. */
import { existsSync, writeFileSync } from "node:fs";
import { runOrFail } from "../../support/run.ts";

/** The interface that receives, and its peer that sends. */
export const receiver = "v0";
export const sender = "v1";

/** Loads a module that this kernel has as a file; one that is part of the kernel is there already. */
export async function loadModule(name: string): Promise<void> {
  if (existsSync(`/sys/module/${name}`)) return;
  await runOrFail("modprobe", [name]).catch((error: unknown) => {
    if (!String(error).includes("not found")) throw error;
  });
}

/** What a capture at TC needs before 6.6, also where no other job has loaded it. */
export async function loadTcModules(): Promise<void> {
  for (const name of ["sch_ingress", "cls_bpf"]) await loadModule(name);
}

/** A pair on which no packet appears but those that a job sends. */
export async function makePair(): Promise<void> {
  if (existsSync(`/sys/class/net/${receiver}`)) return;
  await loadModule("veth");
  writeFileSync("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  const lines = [
    `link add ${receiver} type veth peer name ${sender}`,
    ...[receiver, sender].flatMap((name) => [`link set ${name} arp off`, `link set ${name} up`]),
  ];
  await runOrFail("ip", ["-batch", "-"], { input: `${lines.join("\n")}\n` });
}

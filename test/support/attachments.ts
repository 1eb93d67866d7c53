/** What hangs on an interface, as the kernel tells others than us. */
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import type { TestNetwork } from "./network.ts";
import { run } from "./run.ts";

/** A BPF link or program, as bpftool is asked for it. */
export interface BpfObjectId {
  readonly kind: "link" | "prog";
  readonly id: string;
}

/** The BPF links and programs that a process holds open (proc_pid_fdinfo(5)). */
export function bpfObjectsOf(pid: number | undefined): BpfObjectId[] {
  const directory = `/proc/${pid}/fdinfo`;
  const objects: BpfObjectId[] = [];
  for (const fd of readdirSync(directory)) {
    const text = readFileSync(`${directory}/${fd}`, "utf8");
    const link = /^link_id:\s*(\d+)/m.exec(text)?.[1];
    const program = /^prog_type:[\s\S]*^prog_id:\s*(\d+)/m.exec(text)?.[1];
    if (link !== undefined) objects.push({ kind: "link", id: link });
    else if (program !== undefined) objects.push({ kind: "prog", id: program });
  }
  return objects;
}

/** Everything on v0 that a capture may leave: an XDP program, promiscuous mode, filters and qdiscs of TC. */
async function remainsOn(network: TestNetwork): Promise<string[]> {
  const { stdout, code } = await network.exec("b", "ip", ["-json", "-details", "link", "show", network.receiver]);
  if (code !== 0) return []; // it was removed
  const [link] = JSON.parse(stdout) as [{ xdp?: unknown; promiscuity: number; flags: string[]; qdisc: string }];
  const qdiscs = await network.exec("b", "tc", ["qdisc", "show", "dev", network.receiver]);
  return [
    ...(link.xdp === undefined ? [] : [`XDP ${JSON.stringify(link.xdp)}`]),
    ...(link.promiscuity === 0 ? [] : ["promiscuous mode"]),
    ...qdiscs.stdout.split("\n").filter((line) => line.includes("clsact")),
  ];
}

/**
 * Fails unless v0 is as it was before, and the objects (which the process held when it captured) are gone. The kernel
 * frees what a killed process held a moment later.
 */
export async function expectNothingAttached(network: TestNetwork, objects: readonly BpfObjectId[] = []): Promise<void> {
  await expect.poll(() => remainsOn(network)).toEqual([]);
  const living = async () => {
    const answers = await Promise.all(objects.map(({ kind, id }) => run("bpftool", [kind, "show", "id", id])));
    return objects.filter((_object, index) => answers[index]?.code === 0);
  };
  await expect.poll(living).toEqual([]);
}

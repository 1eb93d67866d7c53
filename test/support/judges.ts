/** Which packets of a capture file other people's filters select: the judges of ours. */
import { runOrFail } from "./run.ts";

/** The numbers, from 0, of the packets that tcpdump selects; the file is one of writePcap() with its default times. */
export async function selectedByTcpdump(path: string, expression: string): Promise<number[]> {
  const { stdout } = await runOrFail("tcpdump", ["-n", "-q", "-tt", "-r", path, expression]);
  const milliseconds = [...stdout.matchAll(/^(\d+)\.(\d{3})000 /gm)];
  return milliseconds.map(([, seconds = "", rest = ""]) => Number(seconds + rest) - 1_704_067_200_000);
}

/** The pcap-filter expression for packets with up to two VLAN tags: "vlan" shifts what stands behind it. */
export function behindTags(expression: string): string {
  return `(${expression}) or (vlan and ((${expression}) or (vlan and (${expression}))))`;
}

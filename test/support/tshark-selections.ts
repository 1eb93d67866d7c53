/** Many display filters to one tshark, whose start costs more than what it is asked here. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrFail } from "./run.ts";

/** Each packet for itself: nothing of one is put together with another. */
const preferences = ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE"];

/** A tap for each filter, which prints "<index of the filter> <number of the packet>". */
function script(filters: readonly string[]): string {
  const taps = filters.map((filter, index) => `tap(${index}, [==[${filter}]==])`);
  return `local function tap(index, filter)
  local listener = Listener.new("frame", filter)
  function listener.packet(packet) print(index .. " " .. packet.number) end
end
${taps.join("\n")}
print("ready")
`;
}

/** The numbers, from 1, of the packets that each display filter selects. */
export async function selectionsOfTshark(
  path: string,
  filters: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const selections = new Map<string, number[]>(filters.map((filter) => [filter, []]));
  const distinct = [...selections.keys()];
  const directory = await mkdtemp(join(tmpdir(), "ringcap-test-"));
  try {
    const file = join(directory, "taps.lua");
    await writeFile(file, script(distinct));
    const options = preferences.flatMap((preference) => ["-o", preference]);
    const { stdout, stderr } = await runOrFail("tshark", [
      "-n",
      "-q",
      "-r",
      path,
      ...options,
      "-X",
      `lua_script:${file}`,
    ]);
    const [ready, ...lines] = stdout.split("\n").slice(0, -1);
    // tshark goes on without a script that fails.
    if (ready !== "ready") throw new Error(`tshark did not run the script: ${stderr}`);
    for (const line of lines) {
      const [index = "", number = ""] = line.split(" ");
      selections.get(distinct[Number(index)] ?? "")?.push(Number(number));
    }
    return selections;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Captures by clsact on kernels that would take TCX, as processes of their own. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import type { End, TestNetwork } from "./network.ts";

const dist = new URL("../../dist/", import.meta.url).href;

/**
 * Attaches the capture program to v0 by clsact, says so, looks at its place at each line of stdin and writes the notes, and
 * detaches at its end.
 */
function clsactHolder(runDirectory: string, action: "pass" | "drop"): string {
  return `
    import { createInterface } from "node:readline";
    import { ClsactLink } from "${dist}capture/clsact-link.js";
    import { CAPTURE_MARKS } from "${dist}capture/chain-members.js";
    import { checkOptions } from "${dist}capture/options.js";
    import { Placeholders } from "${dist}capture/placeholders.js";
    import { CapturePrograms } from "${dist}capture/programs.js";
    import { Rings } from "${dist}capture/rings.js";
    import { listInterfaces } from "${dist}native/system.js";
    const settings = checkOptions({ action: "${action}" });
    const layout = { timeUnit: 1, withOrigin: false };
    const rings = Rings.create(settings.ringSize, undefined, CAPTURE_MARKS[settings.action]);
    const programs = CapturePrograms.load({ ...settings, ...layout }, "ethernet", ["capture_tc_ingress"], rings);
    const { index } = listInterfaces().find(({ name }) => name === "v0");
    const chain = { interfaceIndex: index, egress: false };
    const program = programs.entryPoint("capture_tc_ingress");
    const link = new ClsactLink(program, chain, settings.action, new Placeholders(), ${JSON.stringify(runDirectory)});
    console.log("attached", link.interfaceIndex() === index);
    for await (const _ of createInterface(process.stdin)) console.log(JSON.stringify(link.checkPlace()));
    console.log("seen", programs.counters().seen);
    link.close();
  `;
}

export interface ClsactCapture {
  /** Has it look at its place; the notes. */
  check(): Promise<string[]>;
  kill(): Promise<void>;
  /** Ends it; how many packets it saw. */
  finish(): Promise<number>;
}

/** Resolves once it is attached. Only inside a test. */
export async function startClsactCapture(
  network: TestNetwork,
  end: End,
  runDirectory: string,
  action: "pass" | "drop" = "pass",
): Promise<ClsactCapture> {
  const child = network.spawn(end, process.execPath, ["--input-type=module", "-e", clsactHolder(runDirectory, action)]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let messages = "";
  child.stderr.on("data", (chunk) => {
    messages += chunk;
  });
  const closed = once(child, "close");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`it ended: ${messages}`);
    return value;
  };
  const attached = await line();
  if (attached !== "attached true") throw new Error(attached);
  return {
    check: async () => {
      child.stdin.write("check\n");
      return JSON.parse(await line()) as string[];
    },
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
    },
    finish: async () => {
      child.stdin.end();
      const seen = await line();
      await closed;
      return Number(/^seen (\d+)$/.exec(seen)?.[1]);
    },
  };
}

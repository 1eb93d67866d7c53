/** Programs that are not ringcap's, attached where ringcap attaches its own. */
import { once } from "node:events";
import { onTestFinished } from "vitest";
import type { End, TestNetwork } from "./network.ts";

const dist = new URL("../../dist/", import.meta.url).href;

/** What a program answers to every packet: an action of TC (uapi/linux/pkt_cls.h) or XDP, or a device to send it to. */
export type Verdict = { readonly action: number } | { readonly redirectTo: string };

export const TC_UNSPEC: Verdict = { action: -1 };
export const TC_OK: Verdict = { action: 0 };
export const TC_SHOT: Verdict = { action: 2 };
export const XDP_DROP: Verdict = { action: 1 };

export interface ForeignPlace {
  readonly hook: "ingress" | "egress" | "xdp" | "clsact-ingress" | "clsact-egress";
  /** Of TCX: in front of all others. Default: behind them. */
  readonly first?: boolean;
  /** Of clsact. Default 1. */
  readonly priority?: number;
}

export interface ForeignProgram {
  detach(): Promise<void>;
}

/** Attaches a program to v0 of the namespace b, or v1 of a, until the end of the test. Only inside a test. */
export async function attachForeign(
  network: TestNetwork,
  end: End,
  name: string,
  place: ForeignPlace,
  verdict: Verdict,
): Promise<ForeignProgram> {
  const device = end === "b" ? network.receiver : network.sender;
  const options = { name, device, first: false, priority: 1, ...place, ...verdict };
  const text = `const options = ${JSON.stringify(options)}; const dist = ${JSON.stringify(dist)};${holder}`;
  const child = network.spawn(end, process.execPath, ["--input-type=module", "--eval", text]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "close").then(() => {
      throw new Error(`the foreign program was not attached: ${output}`);
    }),
  ]);
  return {
    detach: async () => {
      const closed = once(child, "close");
      child.stdin.end();
      await closed;
    },
  };
}

/** struct bpf_insn: r0 = action; exit, or r1 = index; r2 = 0; call bpf_redirect; exit. */
const holder = `
const { BpfProgram, AttachType, ProgramType } = await import(dist + "native/program.js");
const { attachFirst } = await import(dist + "native/program-chain.js");
const { attachClsact, detachClsact } = await import(dist + "native/clsact.js");
const { listInterfaces } = await import(dist + "native/system.js");
const indexOf = (wanted) => listInterfaces().find(({ name }) => name === wanted).index;
const instruction = (code, register, immediate) => {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint8(0, code);
  bytes.setUint8(1, register);
  bytes.setInt32(4, immediate, true);
  return new Uint8Array(bytes.buffer);
};
const answer = options.redirectTo === undefined
  ? [instruction(0xb7, 0, options.action)]
  : [instruction(0xb7, 1, indexOf(options.redirectTo)), instruction(0xb7, 2, 0), instruction(0x85, 0, 23)];
const bytes = Buffer.concat([...answer, instruction(0x95, 0, 0)]);
const program = BpfProgram.load(options.hook === "xdp" ? ProgramType.XDP : ProgramType.TC, bytes, options.name);
const interfaceIndex = indexOf(options.device);
const egress = options.hook.endsWith("egress");
const place = { interfaceIndex, egress, handle: 7, priority: options.priority };
const attach = () => {
  if (options.hook === "xdp") return program.attach(interfaceIndex, AttachType.XDP);
  if (options.first) return attachFirst(program, { interfaceIndex, egress });
  return program.attach(interfaceIndex, egress ? AttachType.TCX_EGRESS : AttachType.TCX_INGRESS);
};
const isClsact = options.hook.startsWith("clsact");
const link = isClsact ? attachClsact(program, place) : attach();
console.log("attached");
for await (const _ of process.stdin);
if (isClsact) detachClsact(place); else link.close();
`;

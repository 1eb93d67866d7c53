import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { SendReport } from "../../src/send/index.ts";
import { startFileCapture } from "./capturing.ts";
import { startRingcap } from "./cli.ts";
import { ethernet, ipv4, tcp } from "./frames.ts";
import { TestNetwork } from "./network.ts";
import { type FixturePacket, writePcap } from "./pcap-fixture.ts";
import { requirements } from "./privileges.ts";
import { temporaryDirectory } from "./temporary.ts";

export const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("tcpdump", "tshark"),
];

/** Different frames, numbered, of lengths from 60 to 1514 bytes in no order. */
export function numbered(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const payload = new Uint8Array(6 + ((index * 37) % 1455));
    new DataView(payload.buffer).setUint32(0, index);
    return ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, payload }) }) });
  });
}

export function fileOf(frames: readonly Uint8Array[], options: Partial<FixturePacket> = {}, linkType = 1): string {
  const path = join(temporaryDirectory(), "frames.pcap");
  writePcap(
    path,
    frames.map((data) => ({ data, ...options })),
    linkType,
  );
  return path;
}

export async function network(options: Parameters<typeof TestNetwork.create>[0] = {}): Promise<TestNetwork> {
  const created = await TestNetwork.create(options);
  onTestFinished(() => created.destroy());
  return created;
}

export function startSend(in_: TestNetwork, file: string, ...options: readonly string[]) {
  return startRingcap(["send", file, "-i", in_.sender, ...options], { prefix: in_.commandIn("a") });
}

/** Runs it to its end. */
export async function send(in_: TestNetwork, file: string, ...options: readonly string[]) {
  const running = startSend(in_, file, "--json", ...options);
  const report = await running.json<SendReport>();
  const { code, stderr } = await running.exit;
  return { code, stderr, report };
}

export const engines = [["xdp"], ["socket"]] as const;

/** Its XDP program is what makes the receiver take live frames, and sees them before the stack sorts them by flow. */
export const receive = (in_: TestNetwork) =>
  startFileCapture(in_, ["-i", in_.receiver, "--hook", "xdp-native", "-s", "0"]);

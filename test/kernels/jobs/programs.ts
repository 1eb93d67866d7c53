/** Every program at every hook with every kind of filter: each has to be loaded and attached. */
import type { CaptureOptions } from "../../../src/capture/options.ts";
import { PcapngFileFormat } from "../../../src/outputs/index.ts";
import { TRAFFIC_KEYS } from "../../../src/packets/traffic-counts.ts";
import { attachOnce, everyOption } from "../lib/attach.ts";
import { loadTcModules, makePair } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";

/** A hook and a direction. Only what comes in can be dropped, and only at TC a packet has a socket. */
const places: readonly CaptureOptions[] = [
  ...(["xdp-native", "xdp-generic"] as const).flatMap((hook) => [{ hook }, { hook, action: "drop" as const }]),
  ...[false, true].flatMap((process) => [
    ...(["in", "out", "inout"] as const).map((direction) => ({ hook: "tc" as const, direction, process })),
    { hook: "tc" as const, action: "drop" as const, process },
  ]),
];

const expression = "tcp port 80 or (vlan and ip6 and udp[4:2] > 20)";

const filters: Readonly<Record<string, CaptureOptions["filter"]>> = {
  none: {},
  ports: { port: "80,8000-8100" },
  "TCP flags": { tcpFlags: "syn,!ack" },
  hosts: { host: "192.0.2.1,2001:db8::1" },
  networks: { network: "10.0.0.0/8,2001:db8::/32" },
  VLAN: { vlan: 5 },
  protocols: { protocol: "tcp,udp,47" },
  "IP version": { ipVersion: 6 },
  "every option": everyOption,
  expression: { expression },
  "expression and every option": { ...everyOption, expression },
};

/** Bytes: less than one copy, one of each kind of copy, more than a frame, more than one call of a helper copies. */
const snapshotLengths = [16, 64, 128, 1514, 0];
const USUAL = 128;
/** The length has nothing to do with what the filter reads, so that all lengths are tried with the fastest one. */
const WITH_ALL_LENGTHS = "none";

/** Records that are blocks of a pcapng file. */
const asBlocks = new PcapngFileFormat().needs;
const WITH_BLOCKS = ["none", "expression and every option"];

export const programs: Job = {
  name: "programs",
  async run(checks, { all }) {
    await loadTcModules();
    await makePair();
    for (const place of places) {
      for (const [name, filter] of Object.entries(filters)) {
        const lengths = all || name === WITH_ALL_LENGTHS ? snapshotLengths : [USUAL];
        for (const snapshotLength of lengths) {
          const options = { ...place, snapshotLength, filter };
          await checks.check(`${describe(options)}, ${name}`, () => attachOnce(options));
          if (place.process || !WITH_BLOCKS.includes(name)) continue;
          await checks.check(`${describe(options)}, ${name}, in blocks`, () => attachOnce(options, asBlocks));
        }
      }
      const counting = { ...place, filter: everyOption, counts: { keys: TRAFFIC_KEYS } };
      await checks.check(`${describe(counting)}, every option, counts`, () => attachOnce(counting));
      if (place.hook !== "tc") continue;
      const owners = { ...place, pid: "1", comm: "node", onlyCommand: true };
      await checks.check(`${describe(owners)}, processes`, () => attachOnce(owners));
    }
  },
};

function describe({ hook, direction = "in", process, action = "pass", snapshotLength }: CaptureOptions): string {
  const length = snapshotLength === undefined ? "" : `-s ${snapshotLength}`;
  return [hook, direction, process ? "process" : "", action, length].filter(Boolean).join(" ");
}

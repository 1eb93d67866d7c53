/** The options of a capture, which are checked before anything is opened. */
import { usageError } from "../errors.ts";
import { type CompiledFilter, compileFilter, type FilterOptions } from "../filter/filter.ts";
import { filterText } from "../filter/filter-text.ts";
import type { ListOption } from "../filter/lists.ts";
import { parseComms, parsePids } from "../filter/processes.ts";
import { PACKET_RING_SIZE_MAX } from "../generated/layouts.ts";
import { numberIn, oneOf } from "../options/checks.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import { type AdmissionOptions, type AdmissionSettings, checkAdmission } from "../packets/admission.ts";
import type { Direction } from "../packets/captured.ts";
import { SNAPSHOT_LENGTH_MAX } from "../packets/packet-batch.ts";
import type { TrafficKey } from "../packets/traffic-counts.ts";
import { ANY_LAYOUT, type SinkNeeds } from "../pipeline/sink.ts";
import { type CountOptions, checkCounts, checkCountsAlone, RING_SIZE_WITHOUT_RECORDS } from "./counts/count-options.ts";
import { defaultBufferSize } from "./default-buffer-size.ts";
import { optionOfOwners, refuseBeyondPacket } from "./program-only-options.ts";

/**
 * Where a capture takes its packets: "xdp" is native or generic XDP, "packet" is a packet socket of libpcap, which
 * needs no BPF.
 */
export type HookChoice = "auto" | "xdp" | "xdp-native" | "xdp-generic" | "tc" | "packet";
/** What becomes of a packet that matches, behind the capture: it goes on, or the kernel drops it. */
export type Action = "pass" | "drop";

/** The options of capture(). Unknown ones are refused. */
export interface CaptureOptions extends AdmissionOptions {
  /** Default: the interface of the default route. */
  interfaces?: readonly string[] | undefined;
  filter?: FilterOptions | undefined;
  /** Process ids: only packets of sockets that belong to one of them, at TC. */
  pid?: ListOption | undefined;
  /** Names of processes, as in /proc/<pid>/comm: at most 15 bytes. At TC. */
  comm?: ListOption | undefined;
  /** Whether packets say which process their socket belongs to, at TC. */
  process?: boolean | undefined;
  /** Only packets of what session.launch() starts, and of the processes that descend from it, at TC. */
  onlyCommand?: boolean | undefined;
  /** Bytes kept of each packet, default 128; 0 means 262144. */
  snapshotLength?: number | undefined;
  /** Whether session.setSampling() may be called while the capture goes on. */
  adjustableSampling?: boolean | undefined;
  /** Ends the capture after that many packets. */
  count?: number | undefined;
  /** Ends the capture after that many seconds. */
  duration?: number | undefined;
  /** Default "in". XDP sees only what comes in. */
  direction?: Direction | undefined;
  /** Default "auto": native XDP, else generic XDP, else TC, and "packet", which is libpcap, where BPF is refused. */
  hook?: HookChoice | undefined;
  /** Also captures what is addressed to others, until the capture ends. */
  promiscuous?: boolean | undefined;
  /** With "drop", packets that match are captured and go no further. Default "pass". */
  action?: Action | undefined;
  /**
   * MiB of the ring of each CPU, rounded up to a power of two, at most 256; default 16, or 64 for
   * snapshot lengths of 1024 and more; less on machines of many CPUs or little memory.
   */
  bufferSize?: number | undefined;
  /**
   * Counts all packets that match in the kernel, and the heaviest keys of these kinds: session.counts tells them. It
   * takes 328 kB for each kind and CPU. With `ifPossible`, nothing is counted where the kernel refuses it and of
   * more than eight interfaces, and session.counts is undefined.
   */
  counts?: CountOptions | undefined;
  /** With false, packets are counted and none of them leaves the kernel. Default true. */
  records?: boolean | undefined;
  /** Wakes user space at every packet instead of letting packets gather for up to 500 ms. */
  immediate?: boolean | undefined;
  /** Ends the capture as stop() does. */
  signal?: AbortSignal | undefined;
  /** Called with what is worth knowing and is no error: an XDP slot that is taken, an interface that is down. */
  onNote?: ((note: string) => void) | undefined;
  /** Called with every decision on the way. */
  onDetail?: ((detail: string) => void) | undefined;
}

export interface CaptureSettings extends AdmissionSettings {
  interfaces: readonly string[];
  filter: CompiledFilter;
  /** All that packets are chosen by, in the words of the command line; undefined: nothing. */
  filterText: string | undefined;
  /** Whether the filter asks for VLAN tags. */
  wantsVlan: boolean;
  pids: readonly number[];
  comms: readonly string[];
  process: boolean;
  onlyCommand: boolean;
  snapshotLength: number;
  adjustableSampling: boolean;
  count: number;
  durationSeconds: number;
  direction: Direction;
  hook: HookChoice;
  promiscuous: boolean;
  action: Action;
  /** What the sink of the packets asks for. */
  needs: SinkNeeds;
  /** Bytes, a power of two. */
  ringSize: number;
  /** Undefined: nothing is counted but what the counters of a capture say. */
  countedKeys: readonly TrafficKey[] | undefined;
  countsIfPossible: boolean;
  records: boolean;
  immediate: boolean;
  signal: AbortSignal | undefined;
  onNote: (note: string) => void;
  onDetail: (detail: string) => void;
}

const HOOKS: readonly HookChoice[] = ["auto", "xdp", "xdp-native", "xdp-generic", "tc", "packet"];
const SNAPSHOT_LENGTH_DEFAULT = 128;
const MEBIBYTE = 1 << 20;
const BUFFER_SIZE_MAX = PACKET_RING_SIZE_MAX / MEBIBYTE;
/** The longest time of a timer of Node.js: 2^31 - 1 ms. */
const DURATION_MAX = 2_147_483;

const OPTIONS: Readonly<Record<keyof CaptureOptions, true>> = {
  interfaces: true,
  filter: true,
  pid: true,
  comm: true,
  process: true,
  onlyCommand: true,
  snapshotLength: true,
  sample: true,
  rateLimit: true,
  adjustableSampling: true,
  count: true,
  duration: true,
  direction: true,
  hook: true,
  promiscuous: true,
  action: true,
  bufferSize: true,
  counts: true,
  records: true,
  immediate: true,
  signal: true,
  onNote: true,
  onDetail: true,
};

/** @throws RingcapError USAGE that names the option */
export function checkOptions(options: CaptureOptions, needs: SinkNeeds = ANY_LAYOUT): CaptureSettings {
  refuseUnknown(options, OPTIONS);
  if (options.process && needs.withoutProcesses !== undefined) {
    throw usageError(
      "process",
      needs.withoutProcesses,
      'pcapng has one: type `write: "x.pcapng"`, or `format: "pcapng"`; without `write` the lines show them',
    );
  }
  const direction = oneOf("direction", options.direction, ["in", "out", "inout"], "in");
  const hook = oneOf("hook", options.hook, HOOKS, "auto");
  const action = oneOf("action", options.action, ["pass", "drop"], "pass");
  if (direction !== "in" && hook.startsWith("xdp")) {
    throw usageError("hook", `XDP sees only packets that come in, not direction "${direction}"`, 'use `hook: "tc"`');
  }
  if (direction !== "in" && action === "drop") {
    throw usageError("action", `packets can be dropped only on their way in, not with direction "${direction}"`);
  }
  const ownerOption = optionOfOwners(options);
  if (ownerOption !== undefined && hook.startsWith("xdp")) {
    throw usageError(ownerOption, "an XDP program cannot tell whose a packet is", 'use `hook: "tc"`');
  }
  const interfaces = interfaceNames(options.interfaces);
  const twice = interfaces.find((name, index) => interfaces.indexOf(name) !== index);
  if (twice !== undefined) throw usageError("interfaces", `"${twice}" is named twice`);
  const snapshotLength =
    numberIn("snapshotLength", options.snapshotLength, SNAPSHOT_LENGTH_DEFAULT, 0, SNAPSHOT_LENGTH_MAX) ||
    SNAPSHOT_LENGTH_MAX;
  const bufferDefault = defaultBufferSize(snapshotLength);
  const bufferSize = checkBufferSize(options.bufferSize) ?? bufferDefault;
  const duration = options.duration ?? Number.POSITIVE_INFINITY;
  if (!(duration > 0) || (duration > DURATION_MAX && duration !== Number.POSITIVE_INFINITY)) {
    throw usageError("duration", `"${duration}" is not a number of seconds above 0 and up to ${DURATION_MAX}`);
  }
  const records = options.records ?? true;
  if (!records) checkCountsAlone(options);
  const settings: CaptureSettings = {
    interfaces,
    filter: compileFilter(options.filter ?? {}),
    filterText: filterText({ ...options.filter, pid: options.pid, comm: options.comm }),
    wantsVlan: options.filter?.vlan !== undefined || /\bvlan\b/.test(options.filter?.expression ?? ""),
    pids: options.pid === undefined ? [] : parsePids(options.pid),
    comms: options.comm === undefined ? [] : parseComms(options.comm),
    process: options.process ?? false,
    onlyCommand: options.onlyCommand ?? false,
    snapshotLength,
    ...checkAdmission(options),
    adjustableSampling: options.adjustableSampling ?? false,
    count: numberIn("count", options.count, Number.POSITIVE_INFINITY, 1, Number.MAX_SAFE_INTEGER),
    durationSeconds: duration,
    direction,
    hook,
    promiscuous: options.promiscuous ?? false,
    action,
    needs,
    ringSize: records ? 2 ** Math.ceil(Math.log2(bufferSize)) * MEBIBYTE : RING_SIZE_WITHOUT_RECORDS,
    ...checkCounts(options.counts),
    records,
    immediate: options.immediate ?? false,
    signal: options.signal,
    onNote: options.onNote ?? (() => {}),
    onDetail: options.onDetail ?? (() => {}),
  };
  if (hook === "packet") refuseBeyondPacket(settings);
  return settings;
}

/** @returns none for the interface of the default route */
function interfaceNames(interfaces: unknown): readonly string[] {
  if (interfaces === undefined) return [];
  const isList = Array.isArray(interfaces) && interfaces.every((name) => typeof name === "string" && name !== "");
  if (isList && interfaces.length > 0) return interfaces;
  throw usageError("interfaces", "is not a list of names", 'write ["eth0"], or leave it out for the default route\'s');
}

function checkBufferSize(mebibytes: number | undefined): number | undefined {
  if (mebibytes === undefined) return undefined;
  if (Number.isInteger(mebibytes) && mebibytes >= 1 && mebibytes <= BUFFER_SIZE_MAX) return mebibytes;
  const inMebibytes = Math.round(mebibytes / 1024);
  const isOfTcpdump = mebibytes > BUFFER_SIZE_MAX && inMebibytes >= 1 && inMebibytes <= BUFFER_SIZE_MAX;
  const range = `a whole number of MiB from 1 to ${BUFFER_SIZE_MAX}`;
  const hint = isOfTcpdump ? `tcpdump counts KiB: for ${mebibytes} KiB type ${inMebibytes}` : undefined;
  throw usageError("bufferSize", `"${mebibytes}" is not ${range}`, hint);
}

/** The sole loader of the native addon, and the types of what it exports (native/addon.cc). */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";
import type { Descriptor } from "./descriptor.ts";
import type {
  NativeHostFilter,
  NativeKernelReplay,
  NativeLiveFrames,
  NativeObject,
  NativePacketDrain,
  NativePacketSocket,
  NativePcapCapture,
  NativeReadiness,
  NativeRecordDrain,
  NativeTableFilling,
  NativeWatchdog,
} from "./native-classes.ts";
import type { NetworkInterface } from "./network-interface.ts";
import type { PcapDevice } from "./pcap-device.ts";

export type * from "./native-classes.ts";

export interface Addon {
  readonly HostFilter: new (filter: Uint8Array, networkKeys: Uint8Array, linkType: number) => NativeHostFilter;
  readonly KernelReplay: new (
    program: Descriptor,
    ring: Descriptor,
    atTc: boolean,
    snapshotLength: number,
    filter: Uint8Array,
    networkKeys: Uint8Array,
    linkType: number,
    needsWireLength: boolean,
  ) => NativeKernelReplay;
  readonly BpfObject: new (bytes: Uint8Array, name: string) => NativeObject;
  readonly LiveFrames: new (
    program: Descriptor,
    frames: Descriptor,
    bytes: Descriptor,
    control: Descriptor,
    states: Descriptor,
  ) => NativeLiveFrames;
  readonly PacketSocket: new (interfaceIndex: number, isRawIp: boolean) => NativePacketSocket;
  readonly RecordDrain: new (ring: Descriptor) => NativeRecordDrain;
  readonly TableFilling: new (outer: Descriptor, indices: Uint8Array, inner: Descriptor[]) => NativeTableFilling;
  readonly PacketDrain: new (
    rings: Descriptor[],
    wakeups: Descriptor | undefined,
    withOrigin: boolean,
    unit: number,
    withProcess?: boolean,
    areBlocks?: boolean,
  ) => NativePacketDrain;
  readonly PcapCapture: new (library: string, snapshotLength: number, timeout: number) => NativePcapCapture;
  readonly Watchdog: new (lease: Descriptor | undefined, duration: bigint, clockShift: bigint) => NativeWatchdog;
  readonly Readiness: new (descriptors: Descriptor[], callback: () => void) => NativeReadiness;
  createMap(
    type: number,
    keySize: number,
    valueSize: number,
    maxEntries: number,
    flags: number,
    name: string,
  ): Descriptor;
  createMapOfMaps(maxEntries: number, inner: Descriptor, name: string): Descriptor;
  lookupMap(map: Descriptor, key: Uint8Array): Uint8Array | undefined;
  updateMap(map: Descriptor, key: Uint8Array, value: Uint8Array, flags: number): void;
  updateMapBatch(map: Descriptor, keys: Uint8Array, values: Uint8Array, count: number): void;
  updateMapOfMaps(outer: Descriptor, key: Uint8Array, inner: Descriptor): void;
  countEntries(map: Descriptor): number;
  mapValues(map: Descriptor): ArrayBuffer;
  describeMap(map: Descriptor): {
    type: number;
    keySize: number;
    valueSize: number;
    maxEntries: number;
    name: string;
  };
  packRecords(batch: Uint8Array, count: number, output: Uint8Array, unit: number, trailer: number): number;
  packBlocks(
    batch: Uint8Array,
    count: number,
    output: Uint8Array,
    trailer: number,
    interfaces: Uint32Array,
    counts: Uint32Array,
    unit: number,
    repair: boolean,
  ): { bytes: number; completed: number; cut: number };
  compilePcapFilter(
    library: string,
    expression: string,
    linkType: number,
    snapshotLength: number,
    optimise: boolean,
    netmask: number,
    byteOrder: string,
  ): Buffer | string;
  listPcapDevices(library: string): PcapDevice[];
  completeChecksums(records: Uint8Array, count: number, linkType: number): { completed: number; cut: number };
  convertRecords(records: Uint8Array, count: number, output: Uint8Array, fromUnit: number, toUnit: number): void;
  possibleCpus(): number;
  describeProgram(program: Descriptor): {
    id: number;
    type: number;
    name: string;
    runCount: bigint;
    runNanoseconds: bigint;
    recursionMisses: bigint;
    verifiedInstructions: number;
  };
  loadProgram(
    type: number,
    instructions: Uint8Array,
    name: string,
    flags: number,
    expectedAttachType: number,
  ): Descriptor;
  openProgramById(id: number): Descriptor;
  programMapNames(program: Descriptor): string[];
  testRun(
    program: Descriptor,
    data: Uint8Array,
    context: Uint8Array,
    repeat: number,
    flags: number,
    batchSize: number,
  ): { returnValue: number; data: Buffer; duration: number; elapsed: number };
  createLink(program: Descriptor, interfaceIndex: number, attachType: number, flags: number): Descriptor;
  attachToChain(
    program: Descriptor,
    interfaceIndex: number,
    attachType: number,
    flags: number,
    relativeId: number,
    expectedRevision: bigint,
  ): Descriptor;
  queryChain(interfaceIndex: number, attachType: number): { revision: bigint; programIds: number[] };
  linkInterface(link: Descriptor): number;
  linkId(link: Descriptor): number;
  updateLink(link: Descriptor, program: Descriptor): void;
  detachLink(link: Descriptor): void;
  removeLink(link: Descriptor): Promise<void>;
  attachClsact(
    program: Descriptor,
    interfaceIndex: number,
    egress: boolean,
    handle: number,
    priority: number,
    replace: boolean,
  ): void;
  listClsact(
    interfaceIndex: number,
    egress: boolean,
  ): { priority: number; protocol: number; handle: number; kind: string; programId: number }[];
  detachClsact(interfaceIndex: number, egress: boolean, handle: number, priority: number): void;
  queryClsact(interfaceIndex: number, egress: boolean, handle: number, priority: number): number;
  readClocks(): { monotonic: bigint; epochOffset: bigint };
  createClockStepWatch(): Descriptor;
  localTimeOffset(second: number): number;
  probeProgramType(type: number): boolean;
  probeMapType(type: number): boolean;
  probeHelper(programType: number, helper: number): boolean;
  queryXdp(interfaceIndex: number): { mode: number; programId: number };
  listInterfaces(): NetworkInterface[];
  readInterfaceDrops(): { index: number; receiveDropped: number; transmitDropped: number }[];
  createInterfaceWatch(): Descriptor;
  takeRemovedInterfaces(watch: Descriptor): { removed: { index: number; moved: boolean }[]; lost: boolean };
  enterPromiscuousMode(interfaceIndex: number): Descriptor;
  interfaceIndexOf(name: string): number;
  lockFile(fd: number): boolean;
  sendDatagram(address: Uint8Array, message: Uint8Array): void;
  receiveDatagrams(address: Uint8Array): Descriptor;
  directAlignment(fd: number): number;
  setDirect(fd: number, direct: boolean): void;
  allocatePages(length: number): ArrayBuffer;
  attachTracepoint(program: Descriptor, tracepoint: string): Descriptor;
  runIterator(program: Descriptor, map?: Descriptor): Buffer;
  waitForPrograms(): boolean;
  changeThreads(
    threads: Uint8Array,
    user: number,
    group: number,
    groups: Uint8Array,
    kept: bigint,
    milliseconds: number,
  ): void;
  lookUpUser(user: string | number): { name: string; user: number; group: number; groups: number[] } | undefined;
}

let loaded: Addon | undefined;

/** The errors of a bundle, which has no node-gyp-build beside it, or knows no URL of its own. */
const LAID_INTO_A_FILE: ReadonlySet<string> = new Set([
  "MODULE_NOT_FOUND",
  "ERR_INVALID_ARG_TYPE",
  "ERR_INVALID_ARG_VALUE",
  "ERR_INVALID_URL",
]);

/**
 * The addon, loaded at the first call: a prebuilt binary for this platform, or the one that was built here.
 *
 * @throws RingcapError INSTALLATION when there is none for this system
 */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  if (process.platform !== "linux") {
    throw installationError(
      `it is for Linux, and this is ${process.platform}`,
      "run it on Linux; the entries ringcap/pcap-parser and ringcap/pcap-writer do without it on every system",
    );
  }
  try {
    const require = createRequire(import.meta.url);
    const packageRoot = fileURLToPath(new URL("../..", import.meta.url));
    return require("node-gyp-build")(packageRoot) as Addon;
  } catch (error) {
    const hint = LAID_INTO_A_FILE.has(errnoOf(error) ?? "")
      ? "tell the bundler that ringcap is external, and install it beside the bundle; in a clone run `npm run setup`"
      : "the package has it for Linux with glibc 2.31 or later on x64 and arm64; in a clone run `npm run setup`";
    throw installationError(reasonOf(error), hint, error);
  }
}

function installationError(reason: string, hint: string, cause?: unknown): RingcapError {
  const operation = "load the native addon";
  return new RingcapError(`${operation}: ${reason}`, { code: "INSTALLATION", operation, hint, cause });
}

/**
 * Whether the kernel accepts the programs that the options of each command load. They are loaded for a moment, and
 * never attached.
 */
import { readFileSync } from "node:fs";
import { CapturePrograms, type EntryPoint, type ExpressionInFront } from "../capture/programs.ts";
import { Rings } from "../capture/rings.ts";
import { loadSocketOwners, type SocketOwnerMaps } from "../capture/socket-owners.ts";
import { checkConnectionsOptions } from "../connections/options.ts";
import { loadConnections, TRACEPOINT_KINDS } from "../connections/programs.ts";
import { compileExpression } from "../filter/expression.ts";
import { compileFilter, type FilterOptions } from "../filter/filter.ts";
import type { BpfProgram } from "../native/program.ts";
import { ETHERNET } from "../packets/link-types.ts";
import { loadTransmit } from "../send/live-program.ts";

/** The error where the kernel refused the program; otherwise whether the program became machine code. */
export interface LoadAttempt {
  readonly error?: unknown;
  readonly jited?: boolean;
}

/** One thing that users ask for, and how to try whether its programs load. */
export interface ProgramLoad {
  readonly name: string;
  /** What is not possible without it. */
  readonly without: string;
  readonly remedy: string;
  readonly load: () => LoadAttempt;
}

/** Every kind of filter at once, which is the most work for the verifier. */
const EVERY_FILTER: FilterOptions = {
  port: "80,443,8000-8100",
  tcpFlags: "syn,!ack",
  protocol: "tcp",
  host: "192.0.2.1,2001:db8::1",
  sourceNetwork: "198.51.100.0/24",
  vlan: 5,
};
const EXPRESSION = "tcp dst port 80 or vlan and host 2001:db8::1";
const RING_SIZE = 65_536;
const WINDOW = 65_536;
const TC: readonly EntryPoint[] = ["capture_tc_ingress", "capture_tc_egress"];

interface CaptureAttempt {
  readonly filter?: FilterOptions;
  readonly expression?: ExpressionInFront;
  readonly owners?: SocketOwnerMaps;
}

function loadCapture(
  entryPoints: readonly EntryPoint[],
  { filter = {}, expression, owners }: CaptureAttempt,
): LoadAttempt {
  try {
    using rings = Rings.create(RING_SIZE, [0]);
    const settings = {
      filter: compileFilter(filter),
      snapshotLength: 128,
      ringSize: RING_SIZE,
      immediate: false,
      action: "pass",
      timeUnit: 1,
      withOrigin: true,
      withProcess: owners !== undefined,
      pids: owners === undefined ? [] : [1],
      comms: owners === undefined ? [] : ["x"],
      onlyCommand: owners !== undefined,
      owners,
    } as const;
    using programs = CapturePrograms.load(settings, ETHERNET.linkLayer, entryPoints, rings, expression);
    const [first] = entryPoints;
    return first === undefined ? {} : jitedOf(programs.entryPoint(first));
  } catch (error) {
    return { error };
  }
}

/** Reads what bpf_prog_show_fdinfo() of kernel/bpf/syscall.c writes; nothing without /proc. */
function jitedOf({ descriptor }: BpfProgram): Pick<LoadAttempt, "jited"> {
  try {
    return { jited: /^prog_jited:\s*1$/m.test(readFileSync(`/proc/self/fdinfo/${descriptor.fd}`, "utf8")) };
  } catch {
    return {};
  }
}

function loadWithOwners(): LoadAttempt {
  try {
    using object = loadSocketOwners(true);
    using owners = object.map("socket_owners");
    using acceptors = object.map("acceptors");
    using commandConnections = object.map("command_connections");
    return loadCapture(TC, { owners: { owners, acceptors, commandConnections } });
  } catch (error) {
    return { error };
  }
}

function loadExpression(entryPoints: readonly EntryPoint[]): LoadAttempt {
  try {
    const { program } = compileExpression(EXPRESSION, ETHERNET.linkType);
    return loadCapture(entryPoints, { expression: { program, origin: 0 } });
  } catch (error) {
    return { error };
  }
}

function attempt(load: () => { close(): void }): LoadAttempt {
  try {
    load().close();
    return {};
  } catch (error) {
    return { error };
  }
}

function loadConnectionPrograms(): LoadAttempt {
  const settings = checkConnectionsOptions({ port: "80", host: "192.0.2.1", pid: [1], details: true });
  const attempts = TRACEPOINT_KINDS.map((kind) => () => attempt(() => loadConnections(settings, kind)));
  let last: LoadAttempt = {};
  for (const each of attempts) {
    last = each();
    if (last.error === undefined) break;
  }
  return last;
}

export const XDP_LOAD: ProgramLoad = {
  name: "capture program at XDP",
  without: "nothing can be captured at XDP",
  remedy: "use --hook tc",
  load: () => loadCapture(["capture_xdp"], {}),
};

export const TC_LOAD: ProgramLoad = {
  name: "capture program at TC",
  without: "nothing can be captured at TC",
  remedy: "use --hook xdp",
  load: () => loadCapture(TC, {}),
};

/** Each finding is a warning at most, because a capture works without it. */
export const FURTHER_LOADS: readonly ProgramLoad[] = [
  {
    name: "filters at XDP",
    without: "filters by port, TCP flags, protocol, address, network and VLAN do not work at XDP",
    remedy: "use --hook tc, or a filter expression",
    load: () => loadCapture(["capture_xdp"], { filter: EVERY_FILTER }),
  },
  {
    name: "filters at TC",
    without: "filters by port, TCP flags, protocol, address, network and VLAN do not work at TC",
    remedy: "use --hook xdp, or a filter expression",
    load: () => loadCapture(TC, { filter: EVERY_FILTER }),
  },
  {
    name: "expressions at XDP",
    without: "filter expressions do not work at XDP",
    remedy: "use --hook tc",
    load: () => loadExpression(["capture_xdp"]),
  },
  {
    name: "expressions at TC",
    without: "filter expressions do not work at TC",
    remedy: "use --hook xdp",
    load: () => loadExpression(TC),
  },
  {
    name: "processes of packets",
    without: "--process, --pid and --comm do not work",
    remedy: "`ringcap connections` shows processes, too",
    load: loadWithOwners,
  },
  {
    name: "sending at top speed",
    without: "`ringcap send --topspeed` takes a packet socket, which is slower",
    remedy: "use Linux 5.18 or later",
    load: () => attempt(() => loadTransmit(1, WINDOW)),
  },
  {
    name: "following connections",
    without: "`ringcap connections` does not work",
    remedy: "use a kernel with BTF (CONFIG_DEBUG_INFO_BTF=y)",
    load: loadConnectionPrograms,
  },
];

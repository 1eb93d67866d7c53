/** Map types, program types and helpers that capturing needs, found by trying them. */
import { errnoOf, reasonOf } from "../errors.ts";
import { MapType } from "../native/map.ts";
import { ProgramType } from "../native/program.ts";
import { Helper, supportsHelper, supportsMapType, supportsProgramType } from "../native/system.ts";
import { type Check, NOT_KNOWN } from "./check.ts";

/** Each probe throws EPERM in a process that may not ask. */
export interface FeatureProbes {
  supportsMapType(type: number): boolean;
  supportsProgramType(type: number): boolean;
  supportsHelper(programType: number, helper: number): boolean;
}

const KERNEL_PROBES: FeatureProbes = { supportsMapType, supportsProgramType, supportsHelper };

interface Feature {
  readonly name: string;
  readonly probe: (probes: FeatureProbes) => boolean;
  readonly remedy: string;
}

const MAPS: readonly Feature[] = [
  {
    name: "ring buffer maps",
    probe: (probes) => probes.supportsMapType(MapType.RINGBUF),
    remedy: "use Linux 5.8 or later",
  },
  {
    name: "LPM trie maps",
    probe: (probes) => probes.supportsMapType(MapType.LPM_TRIE),
    remedy: "use a kernel built with CONFIG_BPF_SYSCALL=y",
  },
];

const XDP: Feature = {
  name: "XDP programs",
  probe: (probes) => probes.supportsProgramType(ProgramType.XDP),
  remedy: "use --hook tc",
};
const XDP_LOAD_BYTES: Feature = {
  name: "bpf_xdp_load_bytes",
  probe: (probes) => probes.supportsHelper(ProgramType.XDP, Helper.XDP_LOAD_BYTES),
  remedy: "use --hook tc, or Linux 5.18 or later",
};
const TC: Feature = {
  name: "TC programs",
  probe: (probes) => probes.supportsProgramType(ProgramType.TC),
  remedy: "use --hook xdp, or a kernel built with CONFIG_NET_CLS_ACT=y",
};

function tried({ name, probe, remedy }: Feature, probes: FeatureProbes): Check {
  try {
    if (probe(probes)) return { name, status: "ok", finding: "supported" };
    return { name, status: "missing", finding: "not supported by this kernel", remedy };
  } catch (error) {
    const finding = errnoOf(error) === "EPERM" ? NOT_KNOWN : reasonOf(error);
    return { name, status: "warning", finding };
  }
}

/** One of the two hooks is enough to capture. What only one of them lacks is a warning. */
function eitherHook(xdp: readonly Check[], tc: readonly Check[]): Check[] {
  const lacks = (checks: readonly Check[]) => checks.some(({ status }) => status === "missing");
  const all = [...xdp, ...tc];
  if (lacks(xdp) && lacks(tc)) return all;
  return all.map((check) => (check.status === "missing" ? { ...check, status: "warning" } : check));
}

export function checkBpfFeatures(probes: FeatureProbes = KERNEL_PROBES): Check[] {
  const maps = MAPS.map((feature) => tried(feature, probes));
  const xdp = tried(XDP, probes);
  // Nothing can be said about the helpers of a program type that the kernel lacks.
  const helpers = xdp.status === "ok" ? [tried(XDP_LOAD_BYTES, probes)] : [];
  return [...maps, ...eitherHook([xdp, ...helpers], [tried(TC, probes)])];
}

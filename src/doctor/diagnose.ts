/** What this host can do, what is missing, and what mends it. */
import { readFileSync, realpathSync } from "node:fs";
import { release } from "node:os";
import { readProcessPrivileges } from "../host/process-privileges.ts";
import { checkBpfFeatures } from "./bpf-features.ts";
import { checkBpfJit } from "./bpf-jit.ts";
import { checkCapabilities } from "./capabilities.ts";
import type { Check } from "./check.ts";
import { checkClsactModules } from "./clsact-modules.ts";
import { checkFilterCompiler } from "./filter-compiler.ts";
import { checkInterface } from "./interface-checks.ts";
import { describeInterfaces, type InterfaceDescription } from "./interfaces.ts";
import { checkKernelBtf } from "./kernel-btf.ts";
import { checkKernelFiles } from "./kernel-files.ts";
import { checkKernelVersion } from "./kernel-version.ts";
import { checkFurtherLoads, checkHooks } from "./load-checks.ts";
import { checkMemoryLock } from "./memory-lock.ts";
import { checkNativeAddon } from "./native-addon.ts";
import { TC_LOAD, XDP_LOAD } from "./program-loads.ts";
import { checkWireshark } from "./wireshark.ts";

export interface InterfaceDiagnosis extends InterfaceDescription {
  readonly checks: readonly Check[];
}

/** What diagnose() finds. */
export interface Diagnosis {
  /** Of the host and of this process. */
  readonly checks: readonly Check[];
  /** Empty when the addon cannot be loaded. */
  readonly interfaces: readonly InterfaceDiagnosis[];
  /** Whether nothing is missing that every capture by BPF needs. */
  readonly canCapture: boolean;
  /** Whether libpcap can capture in the place of BPF (--hook packet). */
  readonly canCaptureAtPacket: boolean;
}

/** Loads every program for a moment where that is allowed; attaches nothing. Where ringcap is in Wireshark, tries its ways to capture. Never throws for what it finds. */
export function diagnose(): Diagnosis {
  const privileges = readProcessPrivileges();
  const addon = checkNativeAddon();
  const loaded = addon.status === "ok";
  const filterCompiler = loaded ? checkFilterCompiler() : undefined;
  const files = checkKernelFiles();
  const checks = [
    addon,
    checkKernelVersion(release()),
    ...files,
    checkCapabilities(privileges, ownNode()),
    ...(filterCompiler === undefined ? [] : checkBpf(filterCompiler)),
    checkKernelBtf(),
    checkMemoryLock(release(), textOf("/proc/self/limits"), privileges),
    filterCompiler,
    checkWireshark(),
  ].filter((check) => check !== undefined);
  const interfaces = loaded ? describeInterfaces() : [];
  return {
    checks,
    interfaces: interfaces.map((description) => ({ ...description, checks: checkInterface(description) })),
    canCapture: checks.every(({ status }) => status !== "missing"),
    canCaptureAtPacket:
      filterCompiler?.status === "ok" &&
      privileges.capabilities.has("CAP_NET_RAW") &&
      files.every(({ status }) => status !== "missing"),
  };
}

function checkBpf(filterCompiler: Check): (Check | undefined)[] {
  const [xdp, tc] = [XDP_LOAD.load(), TC_LOAD.load()];
  const further = checkFurtherLoads(filterCompiler.status === "ok");
  return [
    ...checkBpfFeatures(),
    ...checkHooks(xdp, tc),
    checkClsactModules(),
    ...further,
    checkBpfJit(xdp.jited ?? tc.jited, textOf("/proc/sys/net/core/bpf_jit_enable")),
  ];
}

/** Without /proc, Node.js takes its first argument for its path. */
function ownNode(): string {
  try {
    return realpathSync(process.execPath);
  } catch {
    return process.execPath;
  }
}

/** Undefined where /proc is not mounted, or the kernel does not tell. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

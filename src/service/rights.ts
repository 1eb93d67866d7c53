/** The capabilities that a command line takes (capabilities(7)). docs/containers.md has the same table, and how it was tried. */
import type { Capability } from "../host/process-privileges.ts";
import type { ServiceCommand } from "./service.ts";

export interface RightsFacts {
  readonly command: ServiceCommand;
  /** As --hook names it. */
  readonly hook: string | undefined;
  readonly promiscuous: boolean;
  readonly halfOpen: boolean;
  /** The port of --metrics; undefined without it. */
  readonly port: number | undefined;
}

/** Ports below are for CAP_NET_BIND_SERVICE (ip(7), net.ipv4.ip_unprivileged_port_start). */
const FIRST_FREE_PORT = 1024;

export function capabilitiesOf({ command, hook, promiscuous, halfOpen, port }: RightsFacts): Capability[] {
  const capabilities: Capability[] = [];
  const isCapture = command !== "connections";
  if (!(isCapture && hook === "packet")) {
    capabilities.push("CAP_BPF", "CAP_PERFMON");
    if (isCapture || halfOpen) capabilities.push("CAP_NET_ADMIN");
  }
  if (promiscuous || hook === "packet") capabilities.push("CAP_NET_RAW");
  if (port !== undefined && port > 0 && port < FIRST_FREE_PORT) capabilities.push("CAP_NET_BIND_SERVICE");
  return capabilities.toSorted();
}

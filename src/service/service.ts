/** What a unit is made from: the command line of a service, and what that command line asks of the host. */
import type { Capability } from "../host/process-privileges.ts";
import type { UserAccount } from "../native/privileges.ts";

/** The commands that run until they are stopped. */
export type ServiceCommand = "watch" | "capture" | "connections";

export interface ServiceNeeds {
  readonly command: ServiceCommand;
  readonly capabilities: readonly Capability[];
  /** The directories of -w and --parquet that are not below the state directory: they are writable for the service. */
  readonly writes: readonly string[];
  /** Files that the command reads, by their absolute paths. */
  readonly reads: readonly string[];
  /** Files with keys, which only the service's user and root may read; none where it is left out. */
  readonly secrets?: readonly string[];
  /** The program of --on-incident or --on-file, by its absolute path. */
  readonly program: string | undefined;
  /** Whether packet sockets are opened. */
  readonly opensPacketSockets: boolean;
  /** Whether it reads what /proc says of other processes. */
  readonly readsProcesses: boolean;
  /** From where others reach the service, and whom it asks itself. */
  readonly network: "none" | "loopback" | "any";
  /** Whether SIGHUP does something other than ending the command. */
  readonly reloads: boolean;
}

export interface Service {
  readonly name: string;
  /** The words behind `ringcap`: the command and its options. */
  readonly words: readonly string[];
  /** The words that start ringcap itself: the file of Node.js, its options, and the script. */
  readonly program: readonly string[];
  /** The user of --user. Undefined: systemd makes one for each start (DynamicUser). */
  readonly user: UserAccount | undefined;
  readonly needs: ServiceNeeds;
}

/** Where the state directories of services are. */
export const STATE_ROOT = "/var/lib/ringcap";

export function stateDirectory({ name }: Pick<Service, "name">): string {
  return `${STATE_ROOT}/${name}`;
}

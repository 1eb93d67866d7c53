/** Runs `ringcap fleet fetch` and `ringcap fleet upload`. */
import { hostname } from "node:os";
import { RingcapError, usageError } from "../errors.ts";
import {
  connectPatiently,
  FleetDirectory,
  fetchIncident,
  isPlainName,
  natsLibrary,
  objectLibrary,
  Pace,
  PatientStore,
  readNatsAccess,
  uploadIncident,
} from "../fleet/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { printable } from "../outputs/index.ts";
import { counted } from "./counted.ts";
import type { FleetFetchFlags, FleetUploadFlags } from "./fleet-evidence-options.ts";
import { say, sayNote, sayWarning } from "./messages.ts";
import type { NatsFlags } from "./nats-options.ts";
import { onStopSignal } from "./stop-signals.ts";
import { uploadRateOf } from "./upload-rate.ts";
import { giveUp, ownerOfRead } from "./user-option.ts";

interface StoreOptions {
  readonly makes: boolean;
  readonly quiet: true | undefined;
  /** Gives up rights, once the files with keys are read. */
  readonly prepare: () => void;
}

/** Connects, and does what is to be done. @returns the exit code */
async function withStore(
  servers: string,
  flags: NatsFlags,
  { makes, quiet, prepare }: StoreOptions,
  task: (store: PatientStore, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  objectLibrary("keep evidence");
  const library = natsLibrary("keep evidence");
  const access = readNatsAccess(servers, "<servers>", flags, library);
  prepare();
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  const { signal } = stop;
  const note = quiet ? () => {} : sayNote;
  const connection = await connectPatiently({ access, library, name: "ringcap fleet", signal, note, warn: sayWarning });
  if (connection === undefined) return 1;
  try {
    await task(new PatientStore({ connection, library, makes, signal, warn: sayWarning }), signal);
    return 0;
  } catch (error) {
    if (signal.aborted && !(error instanceof RingcapError)) return 1;
    throw error;
  } finally {
    await connection.close();
  }
}

/** Runs `ringcap fleet fetch`. @param incident NAME or HOST/NAME @returns the exit code */
export async function runFleetFetch(servers: string, incident: string, flags: FleetFetchFlags): Promise<number> {
  const { to = ".", quiet } = flags;
  const at = incident.lastIndexOf("/");
  const [host, name] = at < 0 ? [undefined, incident] : [incident.slice(0, at), incident.slice(at + 1)];
  if (!isPlainName(name) || host === "") {
    throw usageError(
      "<incident>",
      `"${incident}" is no name of an incident`,
      "type the name of its directory, or HOST/NAME",
    );
  }
  const directory = new FleetDirectory(to, "--to");
  process.once("exit", () => directory.abandon());
  const prepare = () => {
    const privileges = new PrivilegePlan(flags.user, directory.owner);
    directory.giveTo(privileges.writer);
    giveUp(privileges, [], { onNote: quiet ? undefined : sayNote });
  };
  return withStore(servers, flags, { makes: false, quiet, prepare }, async (store) => {
    const of = host ?? (await onlyHostOf(store, name));
    const reader = { get: (object: string, most: number) => store.run((opened) => opened.get(object, most)) };
    const fetched = await fetchIncident(reader, { host: of, incident: name }, directory.path);
    if (!quiet) say(`${counted(fetched.files, "file")} of ${counted(fetched.bytes, "byte")} in ${fetched.directory}`);
  });
}

async function onlyHostOf(store: PatientStore, incident: string): Promise<string> {
  const [host, ...others] = await store.run((opened) => opened.hostsOf(incident));
  if (host !== undefined && others.length === 0) return host;
  const operation = `fetch ${incident}`;
  if (host === undefined) {
    const hint = "ringcap fleet upload, on the host that has it, puts it there";
    throw new RingcapError(`${operation}: no host has put it into the store`, { code: "INPUT", operation, hint });
  }
  const names = [host, ...others].slice(0, 10).map(printable).join(", ");
  throw new RingcapError(`${operation}: ${others.length + 1} hosts have an incident of that name: ${names}`, {
    code: "INPUT",
    operation,
    hint: "type HOST/NAME, with one of these hosts",
  });
}

/** Runs `ringcap fleet upload`. @returns the exit code */
export async function runFleetUpload(
  servers: string,
  directories: readonly string[],
  flags: FleetUploadFlags,
): Promise<number> {
  const { host = hostname(), quiet } = flags;
  const pace = new Pace(uploadRateOf(flags.uploadRate));
  const prepare = () => {
    giveUp(new PrivilegePlan(flags.user, ownerOfRead(directories[0] ?? ".")), [], {
      onNote: quiet ? undefined : sayNote,
    });
  };
  return withStore(servers, flags, { makes: true, quiet, prepare }, async (store) => {
    for (const directory of directories) {
      const done = await store.run((opened, signal) => uploadIncident(directory, opened, { host, pace, signal }));
      if (done.leftOut.length > 0) {
        const names = done.leftOut.slice(0, 5).map(printable).join(", ");
        sayWarning(`${done.incident}: what is no plain file stays here: ${names}`);
      }
      const { incident, files, bytes, sent } = done;
      if (!quiet)
        say(`${incident}: ${counted(files, "file")} of ${counted(bytes, "byte")}, ${counted(sent, "byte")} sent`);
    }
  });
}

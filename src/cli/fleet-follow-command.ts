/** Runs `ringcap fleet follow`. */
import { RingcapError, usageError } from "../errors.ts";
import {
  connectPatiently,
  EventFiles,
  FleetDirectory,
  type FollowedEvents,
  natsLibrary,
  readNatsAccess,
  writeEvents,
} from "../fleet/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { openByteOutput } from "../outputs/index.ts";
import { counted } from "./counted.ts";
import { followDisplay } from "./fleet-follow-display.ts";
import type { FleetFollowFlags } from "./fleet-follow-options.ts";
import { FollowMessages } from "./follow-messages.ts";
import { say, sayNote, sayWarning } from "./messages.ts";
import { sinceOf } from "./since-option.ts";
import { STDOUT } from "./standard-streams.ts";
import { onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";

const STREAM_DEFAULT = "RINGCAP";
/** What may be in the name of a stream, and of a file. */
const STREAM = /^[A-Za-z0-9_-]{1,64}$/;

/** Runs the command. @param servers their addresses @returns the exit code */
export async function runFleetFollow(servers: string, flags: FleetFollowFlags): Promise<number> {
  const { json, quiet, stream = STREAM_DEFAULT } = flags;
  const since = sinceOf(flags.since);
  if (!STREAM.test(stream)) {
    throw usageError("--stream", `"${stream}" is no name of a stream`, "take letters, digits, - and _, 64 at most");
  }
  const onNote = quiet ? undefined : sayNote;
  const messages = new FollowMessages(quiet);
  const library = natsLibrary("follow events");
  const access = readNatsAccess(servers, "<servers>", flags, library);
  const directory = flags.to === undefined ? undefined : new FleetDirectory(flags.to, "--to");
  process.once("exit", () => directory?.abandon());
  const privileges = new PrivilegePlan(flags.user, directory?.owner);
  directory?.giveTo(privileges.writer);
  const output = openByteOutput(STDOUT, "standard output");
  giveUp(privileges, [], { onNote });
  const stop = new AbortController();
  onStopSignal(
    () => stop.abort(),
    () => output.abandon(),
  );
  const common = { library, stream, signal: stop.signal, note: messages.note, warn: messages.warn };
  const files = directory === undefined ? undefined : await EventFiles.open({ ...common, directory: directory.path });
  try {
    const connection = await connectPatiently({ ...common, access, name: "ringcap fleet follow" });
    if (connection === undefined) return 0;
    const options = { ...common, connection, since };
    const display = followDisplay({ ...options, output, json, messages, quit: () => stop.abort() });
    const tasks = [display, ...(files === undefined ? [] : [writeEvents(files, options)])];
    try {
      const [shown, written] = await Promise.all(tasks.map((task) => task.finally(() => stop.abort())));
      tell(written ?? shown);
    } catch (error) {
      // A reader of standard output that has seen enough, as `| head` has, is no failure.
      if (!(error instanceof RingcapError && error.code === "OUTPUT_CLOSED")) throw error;
    } finally {
      await Promise.allSettled(tasks);
      await connection.close();
    }
  } finally {
    await files?.close();
    if (files !== undefined && !quiet) say(`${counted(files.rows, "event")} in ${counted(files.files, "file")}`);
    if (files?.hasGivenUp)
      sayWarning("events that were read are in no file: they are read again when the command is started again");
  }
  return files?.hasGivenUp ? 1 : 0;
}

function tell(events: FollowedEvents | undefined): void {
  const refused = events?.refused.text();
  if (refused !== undefined) sayWarning(refused);
}

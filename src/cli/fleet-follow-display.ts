/** What `ringcap fleet follow` shows of the events: a table in a terminal, else a line for what begins and ends, or JSON. */
import {
  eventLine,
  FleetState,
  FollowedEvents,
  FollowedStream,
  type FollowedStreamOptions,
  fleetLines,
  followEvents,
  healthLine,
  runningLine,
} from "../fleet/index.ts";
import { type ByteOutput, printable } from "../outputs/index.ts";
import type { FollowMessages } from "./follow-messages.ts";
import { ScreenWriter } from "./screen-writer.ts";
import { stdout } from "./standard-streams.ts";
import { canDraw, TerminalScreen } from "./terminal-screen.ts";

export interface FollowDisplayOptions extends Omit<FollowedStreamOptions, "start" | "onReady"> {
  readonly output: ByteOutput;
  readonly json: true | undefined;
  /** Milliseconds since the epoch; undefined: not said. */
  readonly since: number | undefined;
  readonly messages: FollowMessages;
  readonly quit: () => void;
}

const SECOND = 1000;

/** Shows the events until the signal. @throws RingcapError OUTPUT_CLOSED, and as FollowedStream.messages() */
export async function followDisplay(options: FollowDisplayOptions): Promise<FollowedEvents> {
  const events = new FollowedEvents();
  if (options.json) await showJson(options, events);
  else if (canDraw(stdout.isTerminal, process.env.TERM)) await showTable(options, events);
  else await showLines(options, events);
  return events;
}

function streamOf(options: FollowDisplayOptions, start: "new" | "last of each"): FollowedStream {
  const { stream, connection, since, messages } = options;
  const onReady = () => messages.note(`following ${stream} on ${connection.getServer()}`);
  return new FollowedStream({ ...options, start: since === undefined ? start : { since }, onReady });
}

async function showJson(options: FollowDisplayOptions, events: FollowedEvents): Promise<void> {
  await followEvents(streamOf(options, "new"), events, async (event) => {
    if (event !== undefined) await options.output.write(Buffer.from(`${event.json}\n`));
  });
}

async function showTable(options: FollowDisplayOptions, events: FollowedEvents): Promise<void> {
  const state = new FleetState();
  const writer = new ScreenWriter(options.output);
  const { write, writeNow } = writer;
  let said = "";
  const lines = (width: number, height: number) => {
    const below = [events.refused.text() ?? "", said].filter((text) => text !== "");
    const shown = fleetLines(state.view(Date.now()), { width, height: height - below.length });
    return [...shown, ...below.map((text) => printable(text).slice(0, width))];
  };
  const screen = new TerminalScreen({ write, writeNow, lines, onQuit: options.quit });
  const timer = setInterval(screen.draw, SECOND);
  options.messages.onTable = (text) => {
    said = text;
    screen.draw();
  };
  screen.draw();
  try {
    await followEvents(streamOf(options, "last of each"), events, (event, { heard }) => {
      if (event !== undefined) state.apply(event, heard);
    });
  } finally {
    clearInterval(timer);
    options.messages.onTable = undefined;
    writer.close(screen.close());
  }
}

/** First the incidents that run, then what begins, ends and falls silent. */
async function showLines(options: FollowDisplayOptions, events: FollowedEvents): Promise<void> {
  const state = new FleetState();
  const lines = new LineWriter(options.output);
  const timer = setInterval(() => {
    // Hosts are looked at again once the reader has taken what it has.
    if (lines.isBusy) return;
    const now = Date.now();
    lines.print(state.healthChanges(now).map((change) => healthLine(change, now))).catch(() => {});
  }, SECOND);
  let isCaughtUp = options.since !== undefined;
  const catchUp = () => {
    isCaughtUp = true;
    return lines.print(state.view(Date.now()).hit.map(runningLine));
  };
  try {
    await followEvents(streamOf(options, "last of each"), events, async (event, { heard, position, lastAtStart }) => {
      if (!isCaughtUp && position.sequence > lastAtStart) await catchUp();
      if (event !== undefined) state.apply(event, heard);
      const line = isCaughtUp && event !== undefined ? eventLine(event) : undefined;
      if (line !== undefined) await lines.print([line]);
      if (!isCaughtUp && position.sequence === lastAtStart) await catchUp();
    });
  } finally {
    clearInterval(timer);
  }
}

class LineWriter {
  readonly #output: ByteOutput;
  #last: Promise<void> = Promise.resolve();
  isBusy = false;

  constructor(output: ByteOutput) {
    this.#output = output;
  }

  /** @throws RingcapError OUTPUT, OUTPUT_CLOSED */
  print(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return this.#last;
    this.isBusy = true;
    this.#last = this.#last
      .then(() => this.#output.write(Buffer.from(lines.map((line) => `${line}\n`).join(""))))
      .finally(() => {
        this.isBusy = false;
      });
    return this.#last;
  }
}

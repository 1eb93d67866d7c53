/** `ringcap watch --publish`: hands the events of a watch to the process that publishes them, and says what becomes of them. */
import { hostname } from "node:os";
import { join } from "node:path";
import { usageError } from "../errors.ts";
import {
  checkSubject,
  DEFAULT_SUBJECT,
  hostInPath,
  natsLibrary,
  type PublishCounts,
  Publisher,
  type PublishTelling,
  readNatsAccess,
  type ShipSettings,
} from "../fleet/index.ts";
import { HOST_CLOCK, type Recorder, type Watch, type WatchEvent } from "../flood/index.ts";
import { counted } from "./counted.ts";
import { sayNote, sayWarning } from "./messages.ts";
import { WatchEvents } from "./watch-events.ts";
import { type EvidenceCounts, planEvidence, WatchEvidence } from "./watch-evidence.ts";
import type { WatchFlags } from "./watch-options.ts";

/** What stands in the directory of -w beside the incidents. */
const SPOOL = "unsent-events";
const MEBIBYTE = 1 << 20;
const SIZE_DEFAULT = 16 * MEBIBYTE;
const HEALTH_MILLISECONDS = 60_000;

export interface PublishPlan extends Pick<ShipSettings, "access" | "subject" | "size"> {
  /** The name of this host in events, and of what is uploaded. */
  readonly host: string;
  /** Bytes a second of --upload; undefined where nothing is uploaded. */
  readonly uploadRate: number | undefined;
}

/** Reads all that publishing takes, and connects to nobody. @throws RingcapError USAGE, INPUT or INSTALLATION */
export function planPublishing(flags: WatchFlags): PublishPlan | undefined {
  const { publish, subject = DEFAULT_SUBJECT, spoolSize: size = SIZE_DEFAULT, parquetHost: host = hostname() } = flags;
  if (publish === undefined) return undefined;
  if (size < MEBIBYTE) throw usageError("--spool-size", `${size} bytes are less than 1Mi`, "type 1Mi or more");
  hostInPath(host, "--parquet-host");
  const access = readNatsAccess(publish, "--publish", flags, natsLibrary("publish events"));
  return { access, host, subject: checkSubject(subject), size, uploadRate: planEvidence(flags) };
}

interface Published {
  /** The directory of -w. */
  readonly directory: string;
  readonly watch: Pick<Watch, "counts" | "interfaces" | "session">;
  readonly recorder: Recorder;
  readonly quiet: boolean;
}

export class WatchPublishing {
  readonly events: WatchEvents;
  readonly #evidence: WatchEvidence | undefined;
  readonly #publisher: Publisher;
  readonly #spool: string;
  readonly #quiet: boolean;
  #health: NodeJS.Timeout | undefined;

  constructor({ uploadRate, host, ...plan }: PublishPlan, { directory, watch, recorder, quiet }: Published) {
    const began = HOST_CLOCK.time();
    const [script = "ringcap"] = process.argv.slice(1);
    this.#spool = join(directory, SPOOL);
    this.#quiet = quiet;
    const { access } = plan;
    this.#evidence =
      uploadRate === undefined ? undefined : new WatchEvidence(directory, { access, host, rate: uploadRate }, quiet);
    this.#publisher = new Publisher({
      program: process.execPath,
      words: [...process.execArgv, script, "fleet", "ship"],
      settings: { ...plan, spool: this.#spool, watch: String(began) },
      tell: (telling) => this.#tell(telling),
    });
    this.events = new WatchEvents({
      host,
      began,
      watch,
      recorder,
      spool: () => {
        const { spooled: events, bytes, dropped } = this.counts;
        return { events, bytes, dropped };
      },
      publish: (event) => this.#publisher.publish(event),
    });
  }

  /** What the JSON object at the end has of it. */
  get report(): { readonly publish: PublishCounts; readonly upload?: EvidenceCounts } {
    return { publish: this.counts, ...(this.#evidence === undefined ? {} : { upload: this.#evidence.counts }) };
  }

  get counts(): PublishCounts {
    return this.#publisher.counts;
  }

  /** Starts the process, with the rights that this one has by then. */
  start(): void {
    this.#publisher.start();
    this.#evidence?.start();
    this.events.health("watching");
    this.#health = setInterval(() => this.events.health("watching"), HEALTH_MILLISECONDS).unref();
  }

  /** Takes what the watch tells. */
  take(event: WatchEvent): void {
    this.events.take(event);
    this.#evidence?.take(event);
  }

  #tell(telling: PublishTelling): void {
    if (telling.kind === "process ended") {
      sayWarning(`the process that publishes events has ended (${telling.reason}), and is started again`);
    } else if (telling.kind === "trouble") {
      sayWarning(`--publish: ${telling.message}${telling.about === "server" ? `; events wait in ${this.#spool}` : ""}`);
      sayNote(telling.hint);
    } else if (!this.#quiet) {
      const { spooled, dropped } = telling.counts;
      const lost = dropped === 0 ? "" : `, and ${counted(dropped, "event")} had no room`;
      sayNote(
        telling.about === "server"
          ? `--publish: the server takes events again, of which ${spooled} wait${lost}`
          : `--publish: events are kept in ${this.#spool} again`,
      );
    }
  }

  /** Says the last of the watch, and waits a limited time until the server has it. It never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#health);
    if (this.#health !== undefined) this.events.health("ended");
    await Promise.all([this.#publisher.close(), this.#evidence?.close()]);
    const { spooled, dropped } = this.counts;
    if (dropped > 0) sayWarning(`--publish: ${counted(dropped, "event")} had no room, and nobody has them`);
    if (spooled > 0 && !this.#quiet) {
      sayNote(`--publish: ${counted(spooled, "event")} in ${this.#spool} are sent by the next watch with this -w`);
    }
  }

  /** Ends the process at once. */
  abandon(): void {
    this.#publisher.abandon();
    this.#evidence?.abandon();
  }
}

/** `ringcap watch --upload`: hands finished incidents to the process that uploads them, and says what becomes of them. */
import { basename } from "node:path";
import { reasonOf, usageError } from "../errors.ts";
import {
  EvidenceSender,
  type EvidenceSettings,
  type EvidenceTelling,
  objectLibrary,
  UnsentIncidents,
} from "../fleet/index.ts";
import type { WatchEvent } from "../flood/index.ts";
import { printable } from "../outputs/index.ts";
import { counted } from "./counted.ts";
import { sayNote, sayWarning } from "./messages.ts";
import { uploadRateOf } from "./upload-rate.ts";
import type { WatchFlags } from "./watch-options.ts";

export interface EvidenceCounts {
  readonly uploaded: number;
  /** Bytes of the files. */
  readonly bytes: number;
  /** Incidents that are not in the object store. */
  readonly left: number;
}

/** @returns bytes a second; undefined where nothing is uploaded @throws RingcapError USAGE or INSTALLATION */
export function planEvidence({ upload, uploadRate }: WatchFlags): number | undefined {
  if (uploadRate !== undefined && !upload)
    throw usageError("--upload-rate", "it is of --upload", "add --upload, or leave it out");
  if (!upload) return undefined;
  objectLibrary("keep evidence");
  return uploadRateOf(uploadRate);
}

export class WatchEvidence {
  readonly #sender: EvidenceSender;
  readonly #quiet: boolean;
  /** Whether it was told that the list of what is left cannot be written. */
  #isForgetful = false;
  #left = 0;
  #uploaded = 0;
  #bytes = 0;

  /** @param directory of -w */
  constructor(directory: string, settings: EvidenceSettings, quiet: boolean) {
    const unsent = new UnsentIncidents(directory);
    const [script = "ringcap"] = process.argv.slice(1);
    this.#quiet = quiet;
    this.#sender = new EvidenceSender({
      program: process.execPath,
      words: [...process.execArgv, script, "fleet", "store"],
      settings,
      left: unsent.read(),
      onWaiting: (directories) => this.#remember(unsent, directories),
      tell: (telling) => this.#tell(telling),
    });
  }

  get counts(): EvidenceCounts {
    return { uploaded: this.#uploaded, bytes: this.#bytes, left: this.#left + this.#sender.waiting.length };
  }

  /** Starts the process, with the rights that this one has by then. */
  start(): void {
    this.#sender.start();
  }

  /** Takes a finished incident, whose report page is there, and what one that failed has left. */
  take(event: WatchEvent): void {
    const isOver = event.event === "incident-ended" || event.event === "incident-failed";
    if (isOver && event.directory !== undefined) this.#sender.upload(event.directory);
  }

  #remember(unsent: UnsentIncidents, directories: readonly string[]): void {
    try {
      unsent.write(directories);
    } catch (error) {
      if (!this.#isForgetful) sayWarning(`--upload: the next watch will not know what is left: ${reasonOf(error)}`);
      this.#isForgetful = true;
    }
  }

  #tell(telling: EvidenceTelling): void {
    if (telling.say === "uploaded") {
      const { directory, bytes, leftOut } = telling;
      this.#uploaded++;
      this.#bytes += bytes;
      if (!this.#quiet) sayNote(`--upload: ${basename(directory)} is in the object store, ${counted(bytes, "byte")}`);
      const names = leftOut.slice(0, 5).map(printable).join(", ");
      if (leftOut.length > 0) sayWarning(`--upload: what is no plain file stays in ${directory}: ${names}`);
    } else if (telling.say === "left") {
      this.#left++;
      sayWarning(`--upload: ${telling.directory} is not uploaded: ${telling.reason}`);
    } else if (telling.say === "process ended") {
      sayWarning(`the process that uploads incidents has ended (${telling.reason}), and is started again`);
    } else if (telling.say === "trouble") sayWarning(`--upload: ${telling.message}`);
    else if (!this.#quiet) sayNote(`--upload: ${telling.message}`);
  }

  /** Waits a limited time until the incidents are uploaded. It never rejects. */
  async close(): Promise<void> {
    const left = await this.#sender.close();
    if (left.length === 0) return;
    sayWarning(`--upload: the object store does not have ${left.join(", ")}`);
    sayNote("the next watch with this -w and --upload puts them there, or ringcap fleet upload; nothing is sent twice");
  }

  /** Ends the process at once. */
  abandon(): void {
    this.#sender.abandon();
  }
}

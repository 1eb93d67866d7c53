/**
 * The end of the watch at which incidents go in: their directories are handed to a process that uploads one after the other. Nothing of it
 * waits. A process that ends is started again, and gets those that are not done.
 */
import { ShipProcess } from "../publish/ship-process.ts";
import { type EvidenceReport, type EvidenceSettings, parseEvidenceReport } from "./evidence-protocol.ts";

export type EvidenceTelling =
  | EvidenceReport
  /** The process has ended by itself, and another one is started. */
  | { readonly say: "process ended"; readonly reason: string };

export interface EvidenceSenderOptions {
  /** What is run, with its words. */
  readonly program: string;
  readonly words: readonly string[];
  readonly settings: EvidenceSettings;
  /** Directories that an earlier watch has left. */
  readonly left: readonly string[];
  /** Is called with the directories that are not done, when they change. It must not throw. */
  readonly onWaiting: (directories: readonly string[]) => void;
  readonly tell: (telling: EvidenceTelling) => void;
}

/** Incidents that wait at most. */
const MOST_WAITING = 100;
/** Milliseconds before a process is started again, at first and at most, and after which one has proved itself. */
const RESTART_FIRST = 1000;
const RESTART_MOST = 60_000;
const PROVED = 60_000;
/** Milliseconds that what is left may take to send at the end. */
const CLOSE = 10_000;

export class EvidenceSender {
  readonly #options: EvidenceSenderOptions;
  #waiting: readonly string[];
  #process: ShipProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #wait = RESTART_FIRST;
  #startedAt = 0;
  #isClosing = false;

  constructor(options: EvidenceSenderOptions) {
    this.#options = options;
    this.#waiting = options.left.slice(0, MOST_WAITING);
  }

  /** Directories that are not done. */
  get waiting(): readonly string[] {
    return this.#waiting;
  }

  /** Starts the process, with the rights that this one has. */
  start(): void {
    const { program, words, settings } = this.#options;
    this.#startedAt = performance.now();
    this.#process = new ShipProcess(program, words, {
      onLine: (line) => this.#read(line),
      onDrained: () => {},
      onEnded: (reason) => this.#ended(reason),
    });
    for (const value of [settings, ...this.#waiting]) this.#write(value);
  }

  /** Takes a directory. It returns at once and never throws. */
  upload(directory: string): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#options.tell({ say: "left", directory, reason: `${MOST_WAITING} others wait` });
      return;
    }
    this.#change([...this.#waiting, directory]);
    this.#write(directory);
  }

  #change(waiting: readonly string[]): void {
    this.#waiting = waiting;
    this.#options.onWaiting(waiting);
  }

  #write(value: EvidenceSettings | string): void {
    this.#process?.write(`${JSON.stringify(value)}\n`);
  }

  #read(line: string): void {
    const report = parseEvidenceReport(line);
    if (report === undefined) return;
    if ("directory" in report) this.#change(this.#waiting.filter((directory) => directory !== report.directory));
    this.#options.tell(report);
  }

  #ended(reason: string): void {
    this.#process = undefined;
    if (this.#isClosing) return;
    if (performance.now() - this.#startedAt > PROVED) this.#wait = RESTART_FIRST;
    this.#options.tell({ say: "process ended", reason });
    this.#restart = setTimeout(() => this.start(), this.#wait).unref();
    this.#wait = Math.min(this.#wait * 2, RESTART_MOST);
  }

  /** Waits a limited time until all is uploaded. It never rejects. @returns the directories that are not */
  async close(): Promise<readonly string[]> {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    const process = this.#process;
    if (process !== undefined) {
      const late = setTimeout(() => process.kill(), this.#waiting.length === 0 ? 0 : CLOSE);
      process.end();
      await process.ended;
      clearTimeout(late);
    }
    return this.#waiting;
  }

  /** Ends the process at once, for which a close() that waits for it ends too. */
  abandon(): void {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    this.#process?.kill();
  }
}

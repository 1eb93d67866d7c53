/** What the process of `ringcap fleet store` does: see evidence-protocol.ts. */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { RingcapError, reasonOf } from "../../errors.ts";
import { type NatsConnection, type NatsLibrary, natsLibrary } from "../nats/library.ts";
import { connectPatiently } from "../nats/patient-connection.ts";
import type { EvidenceReport, EvidenceSettings } from "./evidence-protocol.ts";
import { Pace } from "./pace.ts";
import { PatientStore } from "./patient-store.ts";
import { uploadIncident } from "./upload-incident.ts";

/** Milliseconds before a server that refuses the client is asked again. */
const REFUSED_MILLISECONDS = 30_000;

/** Uploads what comes until it ends. @returns false where nothing came at all @throws RingcapError INSTALLATION */
export async function storeEvidence(input: Readable, output: Writable): Promise<boolean> {
  // A watch that has gone reads nothing, and incidents go on to the server all the same.
  output.on("error", () => {});
  const report = (said: EvidenceReport) => void output.write(`${JSON.stringify(said)}\n`);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return false;
  const uploads = new Uploads(JSON.parse(first.value) as EvidenceSettings, natsLibrary("keep evidence"), report);
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    await uploads.upload(JSON.parse(line.value) as string);
  }
  await uploads.close();
  return true;
}

class Uploads {
  readonly #settings: EvidenceSettings;
  readonly #library: NatsLibrary;
  readonly #report: (said: EvidenceReport) => void;
  readonly #pace: Pace;
  readonly #signal = new AbortController().signal;
  #connection: NatsConnection | undefined;
  #store: PatientStore | undefined;
  #told: string | undefined;

  constructor(settings: EvidenceSettings, library: NatsLibrary, report: (said: EvidenceReport) => void) {
    this.#settings = settings;
    this.#library = library;
    this.#report = report;
    this.#pace = new Pace(settings.rate);
  }

  async upload(directory: string): Promise<void> {
    const { host } = this.#settings;
    for (;;) {
      const store = await this.#open();
      try {
        const { bytes, leftOut } = await store.run((opened, signal) =>
          uploadIncident(directory, opened, { host, pace: this.#pace, signal }),
        );
        this.#report({ say: "uploaded", directory, bytes, leftOut });
        return;
      } catch (error) {
        // A connection that was ended for good, as where the keys are not valid any more, is made again.
        if (this.#connection?.isClosed()) continue;
        this.#report({ say: "left", directory, reason: reasonOf(error) });
        return;
      }
    }
  }

  async #open(): Promise<PatientStore> {
    while (this.#store === undefined || this.#connection === undefined || this.#connection.isClosed()) {
      const library = this.#library;
      const signal = this.#signal;
      const warn = (message: string) => this.#report({ say: "trouble", message });
      const note = (message: string) => this.#report({ say: "note", message });
      try {
        const { access } = this.#settings;
        this.#connection = await connectPatiently({ access, library, name: "ringcap watch", signal, note, warn });
        if (this.#connection === undefined) continue;
        this.#store = new PatientStore({ connection: this.#connection, library, makes: true, signal, warn });
        this.#told = undefined;
      } catch (error) {
        if (!(error instanceof RingcapError)) throw error;
        if (this.#told !== error.message) warn(error.message);
        this.#told = error.message;
        await pause(REFUSED_MILLISECONDS);
      }
    }
    return this.#store;
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }
}

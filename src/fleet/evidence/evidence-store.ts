/** The object store of JetStream in which incidents lie. */
import type { ObjectInfo, ObjectStore } from "@nats-io/obj";
import { RingcapError } from "../../errors.ts";
import type { NatsConnection, NatsLibrary } from "../nats/library.ts";
import { optionalLibrary } from "../optional-library.ts";
import { BUCKET, type EvidencePart } from "./evidence-list.ts";
import type { Pace } from "./pace.ts";

type ObjectLibrary = typeof import("@nats-io/obj");

/** Bytes of a message: half of what a server takes by default. */
const CHUNK = 1 << 17;
const NANOSECONDS_PER_DAY = 86_400_000_000_000;
const AGE_DAYS = 30;
const MOST_BYTES = 10 * 2 ** 30;
/** Milliseconds that an answer may take, and that nothing may come of an object. */
const ANSWER = 10_000;
const SILENCE_MILLISECONDS = 30_000;

/** @throws RingcapError INSTALLATION where it is not installed */
export function objectLibrary(operation: string): ObjectLibrary {
  return optionalLibrary(["@nats-io/obj"], operation)[0] as ObjectLibrary;
}

export class EvidenceStore {
  readonly #store: ObjectStore;

  private constructor(store: ObjectStore) {
    this.#store = store;
  }

  /**
   * Opens the bucket.
   *
   * @param makes whether it is made where it is not there: in files, for 30 days, at most 10 GiB @throws what the library throws
   */
  static async open(connection: NatsConnection, library: NatsLibrary, makes: boolean): Promise<EvidenceStore> {
    const { Objm } = objectLibrary("keep evidence");
    const objects = new Objm(library.jetstream.jetstream(connection, { timeout: ANSWER }));
    if (!makes) return new EvidenceStore(await objects.open(BUCKET));
    return new EvidenceStore(
      await objects.create(BUCKET, {
        description: "Incidents of ringcap watch --upload",
        storage: library.jetstream.StorageType.File,
        ttl: AGE_DAYS * NANOSECONDS_PER_DAY,
        max_bytes: MOST_BYTES,
      }),
    );
  }

  /** Whether an object has these bytes already. */
  async has(name: string, { bytes, sha256 }: EvidencePart): Promise<boolean> {
    const info = await this.#store.info(name);
    return info !== null && !info.deleted && info.size === bytes && digestOf(info) === sha256;
  }

  /** Resolves when the server has it on its disk. @throws what the library throws, and the reason of the signal */
  async put(name: string, bytes: Uint8Array, pace: Pace, signal: AbortSignal): Promise<void> {
    let at = 0;
    const paced = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const chunk = bytes.subarray(at, at + CHUNK);
        at += chunk.length;
        if (chunk.length === 0) {
          controller.close();
          return;
        }
        await pace.take(chunk.length, signal);
        controller.enqueue(chunk);
      },
    });
    await this.#store.put({ name, options: { max_chunk_size: CHUNK } }, paced);
  }

  /**
   * Reads an object. What the server sends beyond the limit is not taken.
   *
   * @returns undefined where it is not there @throws what the library throws; RingcapError INPUT where it has more bytes
   */
  async get(name: string, most: number): Promise<Uint8Array | undefined> {
    const found = await this.#store.get(name);
    if (found === null) return undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const reader = found.data.getReader();
    try {
      for (let next = await readWithin(reader, name); !next.done; next = await readWithin(reader, name)) {
        bytes += next.value.length;
        if (bytes > most) throw tooLarge(name, most);
        chunks.push(next.value);
      }
    } catch (error) {
      // It may have failed already, and its reason is known.
      found.error.catch(() => {});
      await reader.cancel().catch(() => {});
      throw error;
    }
    const failure = await found.error;
    if (failure) throw failure;
    return Buffer.concat(chunks);
  }

  /** The hosts that have a list of the incident. */
  async hostsOf(incident: string): Promise<string[]> {
    const names = (await this.#store.list()).filter(({ deleted }) => !deleted).map(({ name }) => name);
    return names.filter((name) => name.endsWith(`/${incident}`)).map((name) => name.slice(0, -incident.length - 1));
  }
}

/** @throws Error where nothing comes, as of an object whose bytes were removed */
async function readWithin(reader: ReadableStreamDefaultReader<Uint8Array>, name: string) {
  let late: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`nothing comes of ${name}`)), SILENCE_MILLISECONDS);
  });
  return Promise.race([reader.read(), silence]).finally(() => clearTimeout(late));
}

function digestOf({ digest }: ObjectInfo): string | undefined {
  const [, encoded] = /^SHA-256=(.*)$/.exec(digest) ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64url").toString("hex");
}

function tooLarge(name: string, most: number): RingcapError {
  const operation = `read ${name} from the object store`;
  return new RingcapError(`${operation}: it has more than ${most} bytes`, { code: "INPUT", operation });
}

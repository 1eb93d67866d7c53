/** Tells of addresses whose they are, by an MMDB file that the user has (ringcap comes with none). */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { RingcapError } from "../errors.ts";
import { PATIENCE_MILLISECONDS } from "./address-database-limits.ts";

export interface AddressOwner {
  /** Such as "AS64500 Example Net". */
  readonly asn?: string;
  /** Two letters (ISO 3166-1), or what the file has instead. */
  readonly country?: string;
}

const LIBRARY = "mmdb-lib";
/** MiB of the values that are read. The file itself is not among them. */
const HEAP_MEBIBYTES = 64;

/** @throws RingcapError INSTALLATION where the library is not there that reads MMDB files */
export function requireDatabaseLibrary(): void {
  try {
    createRequire(import.meta.url).resolve(LIBRARY);
  } catch (cause) {
    const operation = "read an MMDB file";
    throw new RingcapError(`${operation}: the package ${LIBRARY} is not installed`, {
      code: "INSTALLATION",
      operation,
      hint: `npm install ${LIBRARY}, beside ringcap`,
      cause,
    });
  }
}

export class AddressDatabase implements AsyncDisposable {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #settle: { resolve: (answer: unknown) => void; reject: (reason: unknown) => void } | undefined;
  #failure: RingcapError | undefined;

  private constructor(name: string, fd: number) {
    this.#name = name;
    // The path is the same from src/report, dist/report and dist/cli.
    const program = new URL("../../dist/report/address-database-reader.js", import.meta.url);
    this.#process = fork(fileURLToPath(program), {
      stdio: ["ignore", "ignore", "ignore", "ipc", fd],
      execArgv: [`--max-old-space-size=${HEAP_MEBIBYTES}`],
      env: {},
    });
    this.#ended = new Promise((resolve) => this.#process.once("close", () => resolve()));
    this.#process.on("message", (answer) => this.#take(answer));
    this.#process.on("error", (error) => this.#fail(error.message));
    this.#process.on("exit", () => this.#fail("reading it takes more memory than it may"));
  }

  /**
   * @param name for messages @param fd an open descriptor of the file, at its beginning
   * @throws RingcapError INPUT for what is no MMDB file
   */
  static async open(name: string, fd: number): Promise<AddressDatabase> {
    const database = new AddressDatabase(name, fd);
    try {
      await database.#answer();
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Whose the addresses are, in their order. @throws RingcapError INPUT for a file that contradicts itself, or takes too long */
  async lookUp(addresses: readonly string[]): Promise<readonly AddressOwner[]> {
    const answer = this.#answer();
    if (this.#process.connected) this.#process.send(addresses);
    const owners = await answer;
    return Array.isArray(owners) ? owners : [];
  }

  #answer(): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#fail("reading it takes too long"), PATIENCE_MILLISECONDS + 1000);
      const settled = (then: (value: unknown) => void) => (value: unknown) => {
        clearTimeout(late);
        this.#settle = undefined;
        then(value);
      };
      this.#settle = { resolve: settled(resolve), reject: settled(reject) };
    });
  }

  #take(answer: unknown): void {
    if (typeof answer !== "object" || answer === null) return;
    if ("failure" in answer) this.#fail(String(answer.failure));
    else this.#settle?.resolve("value" in answer ? answer.value : undefined);
  }

  #fail(reason: string): void {
    const operation = `read ${this.#name}`;
    const hint = "name an MMDB file, such as GeoLite2-ASN.mmdb, or leave it out";
    this.#failure ??= new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint });
    this.#settle?.reject(this.#failure);
    this.#process.kill("SIGKILL");
  }

  async close(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

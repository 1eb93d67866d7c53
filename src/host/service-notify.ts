/** Tells the service manager how a service is, as sd_notify(3) describes it. Without a service manager it does nothing. */
import { errnoOf, reasonOf } from "../errors.ts";
import { sendDatagram } from "../native/datagram.ts";
import { readClocks } from "../native/system.ts";

/** What a service manager gives to the service itself, and to none of its children. */
const VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;
/** The receiver has no room at the moment. */
const FULL: ReadonlySet<string | undefined> = new Set(["EAGAIN", "ENOBUFS"]);
const MICROSECONDS_PER_MILLISECOND = 1000;
/** The longest delay of a timer of Node.js, in milliseconds. */
const DELAY_MAX = 2 ** 31 - 1;

export class ServiceNotifier {
  /** Milliseconds within which the service manager wants to hear from the service; undefined where it does not. */
  readonly watchdogMilliseconds: number | undefined;
  readonly #address: string | undefined;
  readonly #tell: (note: string) => void;
  readonly #send: (address: string, message: string) => void;
  /** What found no room, by its variable. It goes with the next message. */
  readonly #unsent = new Map<string, string>();
  readonly #told = new Set<string | undefined>();
  #status: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Takes the variables of the service manager out of the environment, so that no child inherits them.
   *
   * @param tell is told once of each kind of failure; a service goes on without its manager
   */
  constructor(tell: (note: string) => void, environment: NodeJS.ProcessEnv = process.env, send = sendDatagram) {
    const [address = "", interval = "", pid = String(process.pid)] = VARIABLES.map((name) => environment[name]);
    for (const name of VARIABLES) delete environment[name];
    this.#tell = tell;
    this.#send = send;
    if (address === "") return;
    if (!/^[/@]./.test(address)) {
      tell(`the service manager is not told anything: NOTIFY_SOCKET is "${address}", which is no local socket`);
      return;
    }
    this.#address = address;
    if (/^[1-9]\d*$/.test(interval) && pid === String(process.pid)) {
      this.watchdogMilliseconds = Number(interval) / MICROSECONDS_PER_MILLISECOND;
    }
  }

  /** The service does its work, after its start or after a reload. */
  ready(): void {
    this.#notify({ READY: "1" });
  }

  /** One line for `systemctl status`. A text that was told already is not sent again. */
  status(text: string): void {
    const line = text.replaceAll(/\p{Cc}+/gu, " ");
    if (line === this.#status) return;
    this.#status = line;
    this.#notify({ STATUS: line });
  }

  /** The service reads its configuration. ready() has to follow. */
  reloading(): void {
    this.#notify({ RELOADING: "1", MONOTONIC_USEC: String(readClocks().monotonic / 1000n) });
  }

  /** The service ends. */
  stopping(): void {
    this.#notify({ STOPPING: "1" });
  }

  /**
   * Tells the service manager twice in its interval that the service lives, until close(). It does nothing where the
   * service manager does not want to hear that.
   *
   * @param isHealthy where it returns false, nothing is told, so that the service manager starts the service anew
   */
  keepAlive(isHealthy: () => boolean): void {
    if (this.watchdogMilliseconds === undefined || this.#timer !== undefined) return;
    const beat = () => {
      if (isHealthy()) this.#notify({ WATCHDOG: "1" });
    };
    beat();
    this.#timer = setInterval(beat, Math.min(Math.max(this.watchdogMilliseconds / 2, 1), DELAY_MAX));
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #notify(state: Readonly<Record<string, string>>): void {
    if (this.#address === undefined) return;
    for (const [variable, value] of Object.entries(state)) this.#unsent.set(variable, value);
    const message = [...this.#unsent].map(([variable, value]) => `${variable}=${value}\n`).join("");
    try {
      this.#send(this.#address, message);
      this.#unsent.clear();
    } catch (error) {
      const errno = errnoOf(error);
      if (!FULL.has(errno)) this.#unsent.clear();
      if (this.#told.has(errno)) return;
      this.#told.add(errno);
      this.#tell(`the service manager could not be told at ${this.#address}: ${reasonOf(error)}`);
    }
  }
}

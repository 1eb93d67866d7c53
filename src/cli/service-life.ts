/** What a service manager is told of a command that runs until it is stopped. */
import { ServiceNotifier } from "../host/index.ts";

export class ServiceLife {
  readonly #notifier: ServiceNotifier;

  /** @param onDetail is told where the service manager cannot be reached */
  constructor(onDetail: (detail: string) => void = () => {}) {
    this.#notifier = new ServiceNotifier(onDetail);
  }

  /** The command does its work. From here on, the service manager hears that the process takes up its turns. */
  begun(): void {
    this.#notifier.ready();
    this.#notifier.keepAlive(() => true);
  }

  ended(): void {
    this.#notifier.stopping();
    this.#notifier.close();
  }
}

/** Replaces the addresses in texts. */
import { isIP } from "node:net";
import type { Anonymizer } from "../../anonymize/index.ts";

/** What may be an address, with the length of a prefix where there is one. */
const CANDIDATE = /[0-9a-fA-F]*[:.][0-9a-fA-F:.]+(?:\/\d{1,3})?/g;
const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}/g;
/** A port behind an address, as tcpdump writes it. */
const PORT = /\.\d+$/;

export class AddressText {
  readonly #anonymizer: Anonymizer;
  readonly #kept: ReadonlySet<string>;

  /** @param kept networks that are of no host, and stay */
  constructor(anonymizer: Anonymizer, kept: Iterable<string>) {
    this.#anonymizer = anonymizer;
    this.#kept = new Set(kept);
  }

  /** Returns the text with other addresses and networks, wherever they stand in it. */
  replace(text: string): string {
    return text.replaceAll(CANDIDATE, (found) => this.#replaced(found));
  }

  #replaced(found: string): string {
    if (this.#kept.has(found)) return found;
    // A colon or a full stop behind an address belongs to the sentence.
    for (let end = found.length; end > 0; end--) {
      const mapped = this.#mapped(found.slice(0, end));
      if (mapped !== undefined) return mapped + found.slice(end);
      if (!/[:.]$/.test(found.slice(0, end))) break;
    }
    const withPort = this.#mapped(found.replace(PORT, ""));
    if (withPort !== undefined) return `${withPort}${PORT.exec(found)?.[0] ?? ""}`;
    return found.replaceAll(IPV4, (address) => this.#anonymizer.address(address));
  }

  /** Maps an address or a network; undefined for what is none. */
  #mapped(text: string): string | undefined {
    const [address = "", length] = text.split("/");
    if (isIP(address) === 0) return undefined;
    return length === undefined ? this.#anonymizer.address(address) : this.#anonymizer.network(text);
  }
}

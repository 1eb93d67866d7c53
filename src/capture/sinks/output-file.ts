/** The output of -w: found to be writable before anything is attached, emptied only when the capture has begun. */
import { closeSync, constants, existsSync, fstatSync, ftruncateSync, unlinkSync } from "node:fs";
import { isatty } from "node:tty";
import { RingcapError, usageError } from "../../errors.ts";
import { openOutput, outputError, type PcapFormat } from "../../pcap-writer/index.ts";
import { openByteOutput } from "./byte-output.ts";
import { PcapFileSink, PcapStreamSink } from "./pcap-sinks.ts";
import type { PacketSink } from "./sink.ts";

const STDOUT = 1;

export class OutputFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #created: boolean;
  #handedOver = false;

  /** @param path "-" is stdout @throws RingcapError OUTPUT, or USAGE when it is a terminal */
  constructor(path: string) {
    this.#path = path;
    this.#created = path !== "-" && !existsSync(path);
    this.#fd = path === "-" ? STDOUT : openOutput(path, constants.O_WRONLY | constants.O_CREAT);
    if (isatty(this.#fd)) {
      throw usageError("--write", "a capture file is not for a terminal", "send it to a file, or `| tcpdump -r -`");
    }
  }

  /** Empties the file and starts it. @throws RingcapError OUTPUT or OUTPUT_CLOSED */
  async begin(format: PcapFormat): Promise<PacketSink> {
    this.#handedOver = true;
    const name = this.#path === "-" ? "standard output" : this.#path;
    try {
      const stat = fstatSync(this.#fd);
      if (stat.isFile() && this.#path !== "-") ftruncateSync(this.#fd, 0);
      if (!stat.isFIFO() && !stat.isSocket()) return new PcapFileSink(this.#fd, name, format);
    } catch (error) {
      closeSync(this.#fd);
      throw error instanceof RingcapError ? error : outputError(name, error);
    }
    return PcapStreamSink.open(openByteOutput(this.#fd, name), format);
  }

  /** Undoes the opening when no capture came of it: a file that was there before keeps its content. */
  abandon(): void {
    if (this.#path === "-") return;
    if (!this.#handedOver) closeSync(this.#fd);
    if (this.#created) unlinkSync(this.#path);
  }
}

/** What capture files are read into. */
import type { Capture } from "../../pcap-parser/index.ts";
import type { PacketSink } from "../../pipeline/sink.ts";

export interface FileSink extends PacketSink {
  /**
   * Reads a whole file, every packet of it.
   *
   * @throws RingcapError INPUT (CaptureFileError) at what is broken, after all packets before it; the signal's reason
   */
  readCapture(capture: Capture, signal?: AbortSignal): Promise<void>;
}

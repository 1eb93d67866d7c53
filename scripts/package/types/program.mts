/** Uses every entry of the package as a module does. It is compiled, and prints what the entries export when it is run. */
import { type CaptureCounters, type CaptureOptions, capture, RingcapError } from "ringcap";
import { type AnswerValue, exportTable, type FleetTables, openTables } from "ringcap/fleet";
import { decodePacket, openCapture } from "ringcap/pcap-parser";
import { PcapWriter } from "ringcap/pcap-writer";

console.log(typeof capture, typeof PcapWriter.create, typeof openCapture);
// None of the optional libraries is installed here.
for (const attempt of [exportTable("x.pcap", { to: "x" }), openTables(".")]) attempt.catch(sayWhatIsMissing);

export async function firstRow(tables: FleetTables): Promise<readonly AnswerValue[] | undefined> {
  for await (const portion of (await tables.ask("SELECT 1")).rows) return portion[0];
  return undefined;
}

function sayWhatIsMissing(error: unknown): void {
  if (error instanceof RingcapError) console.log(error.code, error.hint?.split(",")[0]);
}

const options: CaptureOptions = { interfaces: ["eth0"], filter: { port: "80", tcpFlags: "syn,!ack" }, duration: 10 };
// @ts-expect-error A list of interfaces is asked for: the types are there, and are not any.
export const wrong: CaptureOptions = { interfaces: 7 };

export async function record(): Promise<CaptureCounters> {
  const session = await capture(options);
  const writer = PcapWriter.create("syn.pcap", { linkType: 1, precision: "nano" });
  for await (const batch of session) {
    for (const { timestamp, data, originalLength } of batch) writer.write({ timestamp, data, originalLength });
  }
  writer.close();
  return session.counters();
}

export async function ports(file: string): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = [];
  for await (const batch of await openCapture(file)) {
    for (const packet of batch) found.push(decodePacket(packet.data, packet.interface.linkType).tcp?.sourcePort);
  }
  return found;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof RingcapError ? error.code : undefined;
}

/** What tshark says of the packets of capture files, counted as a report counts them. */
import { join } from "node:path";
import { runOrFail } from "../run.ts";
import { temporaryDirectory } from "../temporary.ts";
import { tsharkFields } from "../tshark-fields.ts";

const FIELDS = [
  "frame.interface_id",
  ...["frame.time_epoch", "frame.len", "frame.cap_len", "frame.protocols", "_ws.malformed"],
  ...["ip.src", "ip.dst", "ip.ttl", "ip.id", "ip.flags.mf", "ip.frag_offset"],
  ...["ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.fraghdr.offset", "ipv6.fraghdr.more"],
  ...["tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.len", "tcp.seq_raw"],
  ...["udp.srcport", "udp.dstport", "sctp.srcport", "sctp.dstport"],
] as const;

const NETWORK = ["ip", "ipv6"];
const EXTENSIONS = ["ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts", "ah"];

export interface JudgedPacket {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly length: number;
  readonly isCut: boolean;
  readonly version: 0 | 4 | 6;
  readonly class: string;
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly ipId: number | undefined;
  readonly ports: { readonly source: number; readonly destination: number } | undefined;
  readonly sequence: number | undefined;
}

/** The outermost of a field that tunnels and ICMP repeat. */
type Row = Record<(typeof FIELDS)[number], string>;

/**
 * The packets of each file, by its path. mergecap puts the files one behind the other, each with an interface of its own,
 * so that tshark starts once for all. Every file has one link type and a packet at least. Only inside a test.
 */
export async function judgedPackets(paths: readonly string[]): Promise<ReadonlyMap<string, readonly JudgedPacket[]>> {
  const merged = join(temporaryDirectory(), "merged.pcapng");
  await runOrFail("mergecap", ["-a", "-I", "none", "-F", "pcapng", "-w", merged, ...paths]);
  const rows = await tsharkFields(merged, FIELDS, {
    preferences: ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE"],
  });
  const packets = new Map(paths.map((path): [string, JudgedPacket[]] => [path, []]));
  for (const row of rows) {
    const outer = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        name === "frame.protocols" ? value : (value.split(",")[0] ?? ""),
      ]),
    ) as Row;
    packets.get(paths[Number(outer["frame.interface_id"])] ?? "")?.push(judged(outer));
  }
  return packets;
}

function judged(row: Row): JudgedPacket {
  const layers = row["frame.protocols"].split(":");
  const network = layers.findIndex((layer) => NETWORK.includes(layer));
  const address = layers[network] === "ip" ? row["ip.src"] : layers[network] === "ipv6" ? row["ipv6.src"] : "";
  const version = address === "" ? 0 : layers[network] === "ip" ? 4 : 6;
  const transport = layers.slice(network + 1).find((layer) => version === 4 || !EXTENSIONS.includes(layer)) ?? "";
  const [seconds = "0", fraction = "0"] = row["frame.time_epoch"].split(".");
  const name = transport as "tcp" | "udp" | "sctp";
  const hasPorts = version > 0 && ["tcp", "udp", "sctp"].includes(transport) && row[`${name}.srcport`] !== "";
  return {
    seconds: Number(seconds),
    nanoseconds: Number(fraction.padEnd(9, "0")),
    length: Number(row["frame.len"]),
    isCut: Number(row["frame.cap_len"]) < Number(row["frame.len"]),
    version,
    class: version === 0 ? "notIp" : classOf(row, version, transport),
    source: address,
    destination: version === 4 ? row["ip.dst"] : version === 6 ? row["ipv6.dst"] : "",
    ttl: Number(version === 4 ? row["ip.ttl"] : row["ipv6.hlim"]),
    ipId: version === 4 ? Number(row["ip.id"]) : undefined,
    ports: hasPorts
      ? { source: Number(row[`${name}.srcport`]), destination: Number(row[`${name}.dstport`]) }
      : undefined,
    sequence: hasPorts && transport === "tcp" ? Number(row["tcp.seq_raw"]) : undefined,
  };
}

function classOf(row: Row, version: 4 | 6, transport: string): string {
  const isSet = (value: string) => value === "1" || value === "True";
  const [more, offset] =
    version === 4
      ? [row["ip.flags.mf"], row["ip.frag_offset"]]
      : [row["ipv6.fraghdr.more"], row["ipv6.fraghdr.offset"]];
  if (isSet(more) || Number(offset) > 0) return "fragment";
  if (transport === "udp") return "udp";
  if (transport === (version === 4 ? "icmp" : "icmpv6")) return "icmp";
  if (transport !== "tcp") return "otherIp";
  const flags = Number(row["tcp.flags"]);
  const deciding = flags & 0x17;
  if (deciding === 2) return "syn";
  if (deciding === 0x12) return "synAck";
  if (deciding === 4 || deciding === 0x14) return "rst";
  if (deciding === 0x11 || (flags & 0x3f) === 1) return "fin";
  if (deciding === 0x10) return Number(row["tcp.len"]) > 0 ? "tcpData" : "ack";
  return "tcpOther";
}

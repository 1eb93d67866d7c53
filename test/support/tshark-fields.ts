import { runOrFail } from "./run.ts";

/** Each fragment is dissected for itself, and every checksum is verified. */
export const eachPacketForItself = [
  ...["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE"],
  ...["ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "sctp.checksum:CRC 32c"],
] as const;

export interface FieldOptions {
  /** Preferences, as after -o. Default: eachPacketForItself. */
  readonly preferences?: readonly string[];
  /** A display filter: only its packets are returned. */
  readonly filter?: string;
}

/** The fields of each packet of a capture file, by name. A field that a packet has twice has its values joined by ",". */
export async function tsharkFields<Field extends string>(
  path: string,
  fields: readonly Field[],
  options: FieldOptions = {},
): Promise<Record<Field, string>[]> {
  const { preferences = eachPacketForItself, filter } = options;
  const { stdout } = await runOrFail("tshark", [
    ...["-n", "-r", path, "-T", "fields"],
    ...preferences.flatMap((preference) => ["-o", preference]),
    ...fields.flatMap((field) => ["-e", field]),
    ...(filter === undefined ? [] : ["-Y", filter]),
  ]);
  const lines = stdout.split("\n").slice(0, -1);
  return lines.map((line) => {
    const values = line.split("\t");
    return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? ""])) as Record<Field, string>;
  });
}

/** Writes MMDB files (maxmind.github.io/MaxMind-DB, version 2.0) with records of 24 bits, as small as tests need them. */
export type MmdbValue = string | number | { readonly [name: string]: MmdbValue } | Uint8Array;

const MARKER = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
/** Types of values, and the least that is stored as a type beyond 7. */
const STRING = 2;
const UINT32 = 6;
const MAP = 7;
const RECORD_BITS = 24;

/** @returns a value as the data section has it; bytes are taken as they are, for values that no honest writer makes */
export function mmdbValue(value: MmdbValue): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === "string") return Buffer.concat([control(STRING, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(UINT32, 4), bytes]);
  }
  const entries = Object.entries(value).flatMap(([name, entry]) => [mmdbValue(name), mmdbValue(entry)]);
  return Buffer.concat([control(MAP, entries.length / 2), ...entries]);
}

function control(type: number, size: number): Buffer {
  if (size < 29) return Buffer.from([(type << 5) | size]);
  return Buffer.from([(type << 5) | 29, size - 29]);
}

/**
 * @param networks IPv4 networks, such as "192.0.2.0/24", with their records
 * @param data what the data section begins with, which pointers may name
 */
export function mmdbFile(networks: Readonly<Record<string, MmdbValue>>, data: Buffer = Buffer.alloc(0)): Buffer {
  type Place = { node: number } | { record: number } | undefined;
  const nodes: [Place, Place][] = [[undefined, undefined]];
  const parts: Buffer[] = [data];
  let length = data.length;
  for (const [network, value] of Object.entries(networks)) {
    const [address = "", bits = "32"] = network.split("/");
    const word = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
    let node = 0;
    for (let depth = 0; depth < Number(bits); depth++) {
      const side = Math.floor(word / 2 ** (31 - depth)) % 2 === 0 ? 0 : 1;
      const pair = nodes[node] ?? [undefined, undefined];
      if (depth === Number(bits) - 1) pair[side] = { record: length };
      else {
        const next = pair[side];
        if (next === undefined) pair[side] = { node: nodes.push([undefined, undefined]) - 1 };
        const found = pair[side];
        node = found !== undefined && "node" in found ? found.node : 0;
      }
    }
    const bytes = mmdbValue(value);
    parts.push(bytes);
    length += bytes.length;
  }
  const count = nodes.length;
  const tree = Buffer.alloc(count * 6);
  for (const [index, pair] of nodes.entries()) {
    for (const [side, place] of pair.entries()) {
      const pointer = place === undefined ? count : "node" in place ? place.node : count + 16 + place.record;
      tree.writeUIntBE(pointer, index * 6 + side * 3, 3);
    }
  }
  const metadata = mmdbValue({
    node_count: count,
    record_size: RECORD_BITS,
    ip_version: 4,
    database_type: "Test",
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 0,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...parts, MARKER, metadata]);
}

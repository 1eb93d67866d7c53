// Ethernet frames for the demo and the benchmarks, with their checksums (RFC 791, 9293, 768, 1071).

const ETHERNET = Buffer.from("02000000000202000000000108" + "00", "hex");
const FRAME_LENGTH_MIN = 60;

/** @param {Uint8Array[]} parts the Internet checksum of the bytes, as if they lay one after the other */
function checksum(...parts) {
  const bytes = Buffer.concat([...parts, Buffer.alloc(parts.reduce((sum, part) => sum + part.length, 0) % 2)]);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/**
 * @param {string} source
 * @param {string} destination
 * @param {number} protocol
 * @param {Buffer} segment whose checksum lies at `at` and is still 0
 * @param {number} at
 */
function ipv4(source, destination, protocol, segment, at) {
  const header = Buffer.from("450000000001000040000000", "hex");
  const addresses = Buffer.from([source, destination].flatMap((address) => address.split(".").map(Number)));
  header.writeUInt16BE(20 + segment.length, 2);
  header[9] = protocol;
  header.writeUInt16BE(checksum(header, addresses), 10);
  const pseudo = Buffer.from([0, protocol, segment.length >> 8, segment.length & 0xff]);
  segment.writeUInt16BE(checksum(addresses, pseudo, segment), at);
  const frame = Buffer.concat([ETHERNET, header, addresses, segment]);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, FRAME_LENGTH_MIN - frame.length))]);
}

/** @param {{ source: string, destination: string, sourcePort?: number, port: number, flags?: number, payload?: number }} segment */
export function tcpFrame({ source, destination, sourcePort = 40_000, port, flags = 0x02, payload = 0 }) {
  const tcp = Buffer.alloc(20 + payload);
  tcp.writeUInt16BE(sourcePort, 0);
  tcp.writeUInt16BE(port, 2);
  tcp.writeUInt32BE(1, 4);
  tcp[12] = 5 << 4;
  tcp[13] = flags;
  tcp.writeUInt16BE(64_240, 14);
  return ipv4(source, destination, 6, tcp, 16);
}

/** @param {{ source: string, destination: string, sourcePort?: number, port: number, payload?: number }} datagram */
export function udpFrame({ source, destination, sourcePort = 40_000, port, payload = 0 }) {
  const udp = Buffer.alloc(8 + payload);
  udp.writeUInt16BE(sourcePort, 0);
  udp.writeUInt16BE(port, 2);
  udp.writeUInt16BE(udp.length, 4);
  return ipv4(source, destination, 17, udp, 6);
}

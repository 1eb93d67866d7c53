// Captures with npm's `cap`, or with what takes its place, and prints the packets and what the decoders make of them:
//
//   node capture.cjs <package> <device> <filter> <bytes of the buffer>
//
// It prints the link type when it captures, and everything else when the last packet has come.
const [, , name = "", device = "", filter = "", length = ""] = process.argv;
const { Cap, decoders } = require(name);
const { PROTOCOL } = decoders;

const BUFFER_SIZE = 256 * 1024 * 1024;
/** What the last packet has in it. */
const LAST = "the last one";

/** Undefined is a value, too. @param {unknown} value */
const asText = (value) => JSON.stringify(value, (_key, each) => (each === undefined ? "(undefined)" : each));

/** npm's `cap` never returns from an encrypted payload. @param {Buffer} buffer @param {number} offset */
function isEncrypted(buffer, offset) {
  let next = buffer[offset + 6];
  for (let at = offset + 40; next !== undefined && [0, 43, 44, 51, 60, 135].includes(next); ) {
    const words = buffer[at + 1] ?? 0;
    const step = next === 44 ? 8 : next === 51 ? 1 + 4 * words : 8 + 8 * words;
    next = buffer[at];
    at += step;
  }
  return next === 50;
}

/** @param {Buffer} buffer @param {number} end */
function decode(buffer, end) {
  const results = [];
  try {
    const link = decoders.Ethernet(buffer);
    results.push(link);
    // Of the device "any" this is no Ethernet header, which makes no difference to who compares.
    let network;
    if (link.info.type === PROTOCOL.ETHERNET.ARP) results.push(decoders.ARP(buffer, link.offset));
    else if (link.info.type === PROTOCOL.ETHERNET.IPV4) network = decoders.IPV4(buffer, link.offset);
    else if (link.info.type === PROTOCOL.ETHERNET.IPV6 && !isEncrypted(buffer, link.offset)) {
      network = decoders.IPV6(buffer, link.offset);
    }
    if (network === undefined) return results;
    results.push(network);
    const { protocol } = network.info;
    if (protocol === PROTOCOL.IP.TCP) results.push(decoders.TCP(buffer, network.offset));
    else if (protocol === PROTOCOL.IP.UDP) results.push(decoders.UDP(buffer, network.offset));
    else if (protocol === PROTOCOL.IP.ICMP) results.push(decoders.ICMPV4(buffer, end, network.offset));
    else if (protocol === PROTOCOL.IP.SCTP) results.push(decoders.SCTP(buffer, end, network.offset));
  } catch (error) {
    results.push(error instanceof Error ? error.name : String(error));
  }
  return results;
}

const capture = new Cap();
const buffer = Buffer.alloc(Number(length));
const linkType = capture.open(device, filter, BUFFER_SIZE, buffer);
/** @type {string[]} */
const packets = [];
capture.on("packet", (/** @type {unknown[]} */ ...args) => {
  const [nbytes] = /** @type {[number, boolean]} */ (args);
  const packet = Buffer.from(buffer.subarray(0, nbytes));
  // Behind the packet lies what was there before, which is the same where the packets are the same.
  packets.push(
    asText({ args, hex: packet.toString("hex"), decoded: decode(buffer, nbytes), alone: decode(packet, nbytes) }),
  );
  if (!packet.includes(LAST)) return;
  packets.push(asText({ closed: [capture.close(), capture.close()] }));
  process.stdout.write(`${packets.join("\n")}\n`);
});
process.stdout.write(`${linkType}\n`);

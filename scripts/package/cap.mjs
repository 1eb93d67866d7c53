// Programs of npm's `cap` with that package and with `ringcap/cap` of the packed file: the same packets, decodings, devices
// and refusals. Both capture the same traffic at the same time. npm's `cap` is built here, which takes libpcap-dev.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cache } from "../lib/cache.mjs";
import { installDebianPackages } from "../lib/debian-packages.mjs";
import { npmPackage } from "../lib/npm-packages.mjs";
import { VethPair } from "../lib/veth.mjs";

const FIXTURES = [
  ...["handshakes", "backscatter", "scans", "vlan", "encapsulations", "ip-protocols", "ipv6-extensions"],
  ...["link-protocols", "fragments", "jumbo", "mixture"],
];
/** The MTU, bytes. Some frames of the fixtures are this long. */
const MTU = 65_535;
/** Frames a second. A socket of npm's `cap` has room for four thousand frames. */
const RATE = 2000;
const LAST = "udp dst port 9";
/** A filter, the bytes of the buffer, and the device. */
const CAPTURES = /** @type {const} */ ([
  ["", 65_535, "v0"],
  ["", 60, "v0"],
  ["tcp and dst port 80", 65_535, "v0"],
  ["icmp or arp or ip6", 200, "v0"],
  ["not tcp and greater 1000", 1000, "v0"],
  ["vlan", 65_535, "v0"],
  // libpcap overwrites the second tag of a packet of all devices, so that not all of these can be compared.
  ["icmp or sctp", 65_535, "any"],
  ["tcp and dst port 80", 100, "any"],
]);
const directory = fileURLToPath(new URL("cap/", import.meta.url));

/** @param {{ tarball: string, folder: string }} packed @returns {Promise<string>} what was compared */
export async function checkCap({ tarball, folder }) {
  installDebianPackages(["libpcap-dev", "tcpreplay"]);
  const { directory: original, problem, version } = npmPackage("cap");
  if (problem !== undefined) throw new Error(`npm's cap: ${problem}`);
  const packages = [original, installed(tarball, folder)];
  const network = new VethPair(`ringcap-package-cap-${process.pid}`);
  try {
    lay(network);
    const packets = await comparePackets(network, packages, folder);
    const outcomes = compareOutcomes(network, packages);
    return `${packets} packets and ${outcomes} calls as with npm's cap ${version}`;
  } finally {
    network.destroy();
  }
}

/** @param {string} tarball @param {string} folder @returns the name by which the programs require it */
function installed(tarball, folder) {
  const project = mkdtempSync(join(folder, "cap-"));
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  const words = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--cache", join(cache, "npm")];
  execFileSync("npm", [...words, resolve(tarball)], { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  const entry = `require("fs").writeSync(1, require.resolve("ringcap/cap"))`;
  return execFileSync(process.execPath, ["-e", entry], { cwd: project, encoding: "utf8" });
}

/** @param {VethPair} network */
function lay(network) {
  for (const [namespace, device] of [
    [network.sender, "v1"],
    [network.receiver, "v0"],
  ]) {
    execFileSync("ip", ["-n", String(namespace), "link", "set", String(device), "mtu", String(MTU), "arp", "off"]);
  }
  const inReceiver = (/** @type {string[]} */ ...words) => execFileSync("ip", ["-n", network.receiver, ...words]);
  inReceiver("address", "add", "192.0.2.12/24", "broadcast", "+", "dev", "v0");
  inReceiver("link", "add", "down0", "type", "veth", "peer", "down1");
}

/**
 * @param {VethPair} network
 * @param {string[]} packages
 * @param {string} folder
 * @returns {Promise<number>} packets that were compared
 */
async function comparePackets(network, packages, folder) {
  const captures = CAPTURES.flatMap(([filter, length, device]) =>
    packages.map((name) => {
      const whole = filter === "" ? "" : `${LAST} or (${filter})`;
      const words = [process.execPath, join(directory, "capture.cjs"), name, device, whole, String(length)];
      const child = network.spawn(network.receiver, words);
      if (child.stdout === null || child.stderr === null) throw new Error("the program has no pipes");
      let messages = "";
      child.stderr.on("data", (chunk) => {
        messages += chunk;
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return { title: `${device}, "${filter}" into ${length} bytes`, child, lines, messages: () => messages };
    }),
  );
  try {
    const linkTypes = await Promise.all(
      captures.map(async ({ lines, messages }) => (await lines.next()).value ?? messages()),
    );
    const isWrong = (/** @type {string} */ type, /** @type {number} */ at) =>
      type !== (CAPTURES[at >> 1]?.[2] === "any" ? "LINKTYPE_LINUX_SLL" : "ETHERNET");
    if (linkTypes.some(isWrong)) throw new Error(linkTypes.join("; "));
    sendAll(network, folder);
    const results = await Promise.all(captures.map(({ lines }) => rest(lines)));
    let compared = 0;
    for (let at = 0; at < captures.length; at += 2) {
      compared += sameLines(captures[at]?.title ?? "", results[at] ?? [], results[at + 1] ?? []);
    }
    return compared;
  } finally {
    for (const { child } of captures) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    }
  }
}

/** Each fixture in both directions, and the last packet. @param {VethPair} network @param {string} folder */
function sendAll(network, folder) {
  const last = join(folder, "last.pcap");
  writeFileSync(last, lastPacket());
  const files = FIXTURES.map((name) => `fixtures/${name}.pcap`);
  const send = (/** @type {string} */ namespace, /** @type {string} */ device, /** @type {string[]} */ paths) =>
    execFileSync(
      "ip",
      ["netns", "exec", namespace, "tcpreplay", "--quiet", `--pps=${RATE}`, `--intf1=${device}`, ...paths],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
  send(network.sender, "v1", files);
  send(network.receiver, "v0", files);
  send(network.sender, "v1", [last]);
}

/** A pcap file with a datagram to port 9, of 54 bytes: every buffer has room for it. */
function lastPacket() {
  const text = Buffer.from("the last one");
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const frame = Buffer.concat([
    Buffer.from("0200000000020200000000010800", "hex"),
    Buffer.from("4500002800000000401100000102030405060708", "hex"),
    Buffer.from("0009000900140000", "hex"),
    text,
  ]);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(frame.length, 8);
  record.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, record, frame]);
}

/** @param {AsyncIterator<string>} lines */
async function rest(lines) {
  const all = [];
  for await (const line of { [Symbol.asyncIterator]: () => lines }) all.push(line);
  return all;
}

/** @param {VethPair} network @param {string[]} packages @returns {number} calls that were compared */
function compareOutcomes(network, packages) {
  const [wanted = [], found = []] = packages.map((name) => {
    const words = [join(directory, "misuse.cjs"), name, "v0", "down0", "192.0.2.12"];
    const text = network.run(network.receiver, process.execPath, ...words);
    return /** @type {unknown[]} */ (JSON.parse(text)).map((outcome) => JSON.stringify(outcome));
  });
  return sameLines("calls", wanted, found);
}

/** @param {string} title @param {string[]} wanted @param {string[]} found @returns {number} lines */
function sameLines(title, wanted, found) {
  const at = wanted.findIndex((line, index) => line !== found[index]);
  if (at < 0 && wanted.length === found.length && wanted.length > 0) return wanted.length;
  const place = at < 0 ? wanted.length : at;
  throw new Error(
    `${title}: ${wanted.length} and ${found.length} lines; number ${place + 1}:\n${wanted[place]}\n${found[place]}`,
  );
}

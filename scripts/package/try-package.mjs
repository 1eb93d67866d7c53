// Runs inside the bare system, whose interfaces v0 and v1 are the ends of a veth pair: installs /ringcap.tgz and tries it.
// Prints one line with what it measured, or fails with what a command said.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";

const PROGRAMS_THAT_NOBODY_NEEDS = ["cc", "gcc", "g++", "clang", "make", "python3", "wget", "curl"];
const ADDRESS = "192.0.2.1";

const present = PROGRAMS_THAT_NOBODY_NEEDS.filter((name) => spawnSync(name, ["--version"]).error === undefined);
if (present.length > 0) throw new Error(`the system is not bare: it has ${present.join(", ")}`);

const begin = performance.now();
const install = ["install", "--global", "--offline", "--no-audit", "--no-fund", "/ringcap.tgz"];
run("npm", install);
const installed = performance.now();
await captureOnePacket();
const captured = performance.now();

const diagnosis = spawnSync("ringcap", ["doctor"], { encoding: "utf8" });
assert(/native addon/.test(diagnosis.stdout) && !/addon.*missing/.test(diagnosis.stdout), diagnosis.stdout);
run("ringcap", ["report", "/tmp/first.pcap", "-o", "/tmp/report.html"]);
assert(readFileSync("/tmp/report.html", "utf8").startsWith("<!doctype html>"), "the report is no page");
const folder = `${run("npm", ["root", "--global"]).trim()}/ringcap`;
const pages = checkManPages(folder);
const completions = checkCompletions(folder);
run("npm", ["uninstall", "--global", "ringcap"]);
assert(!existsSync(folder), "the package stays after npm uninstall");
rmSync("/tmp/first.pcap");

process.stdout.write(
  `installed after ${seconds(installed)}, first packet after ${seconds(captured)}, ${pages} man pages, ${completions} completions\n`,
);

/** Sends until the capture has what it wants: whether a packet goes before or after its start makes no difference. */
async function captureOnePacket() {
  const socket = createSocket("udp4");
  await new Promise((resolve) => socket.bind(0, ADDRESS, () => resolve(undefined)));
  socket.setMulticastInterface(ADDRESS);
  const sender = setInterval(() => socket.send("ringcap", 9, "224.0.0.1"), 5);
  const capture = spawn("ringcap", ["-i", "v0", "-c", "1", "--port", "9", "-w", "/tmp/first.pcap"]);
  let said = "";
  capture.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => capture.once("close", resolve));
  clearInterval(sender);
  socket.close();
  assert(code === 0 && /^1 packet captured$/m.test(said), `ringcap ended with ${code}\n${said}`);
}

/** @param {string} folder */
function checkManPages(folder) {
  const { man = [] } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  for (const page of man) {
    const name = page.replace(/^.*\//, "");
    assert(existsSync(`/usr/local/share/man/man1/${name}`), `npm has not laid the man page ${name}`);
    if (!existsSync("/usr/bin/man")) continue;
    assert(run("man", [name.replace(/\.1$/, "")]).includes("ringcap"), `man does not show ${name}`);
  }
  return man.length;
}

/** @param {string} folder */
function checkCompletions(folder) {
  const place = `${folder}/packaging/completion`;
  const names = existsSync(place) ? readdirSync(place) : [];
  const forBash = names.find((name) => /bash/.test(name));
  if (forBash !== undefined) run("bash", ["-c", `. ${place}/${forBash} && complete -p ringcap`]);
  return names.length;
}

/** @param {string} command @param {string[]} words */
function run(command, words) {
  try {
    return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? `${error.stderr}` : `${error}`;
    throw new Error(`${command} ${words.join(" ")}: ${said}`, { cause: error });
  }
}

/** @param {boolean} holds @param {string} message */
function assert(holds, message) {
  if (!holds) throw new Error(message);
}

/** @param {number} moment */
function seconds(moment) {
  return `${((moment - begin) / 1000).toFixed(2)} s`;
}

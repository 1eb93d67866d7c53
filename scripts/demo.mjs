// The main job, from end to end: a network namespace is flooded with SYNs among other traffic, ringcap records the SYNs
// to a .pcap, and what is in it is shown. Without root a recorded flood goes through the same filter instead.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { summarise } from "./lib/syn-summary.mjs";
import { VethPair } from "./lib/veth.mjs";

const file = "build/demo/syn-flood.pcap";
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

mkdirSync("build/demo", { recursive: true });
if (process.getuid?.() !== 0) {
  process.stdout.write(
    "Capturing and making network namespaces need root, so a recorded flood is replayed through the same filter,\n" +
      "compiled for this machine. The whole demo: sudo npm run demo. What this user lacks: node dist/bundle/main.cjs doctor\n\n",
  );
  const replayed = ["replay", "fixtures/syn-flood-ipv4.pcap", "--engine", "user"];
  const options = [...replayed, "--port", "80,443", "--tcp-flags", "syn,!ack", "-w", file, "--json"];
  process.stdout.write(`$ ringcap ${options.join(" ")}\n`);
  const { status, stdout } = spawnSync(process.execPath, ["dist/bundle/main.cjs", ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
  process.stdout.write(summarise(readFileSync(file), JSON.parse(stdout), file));
  process.exit();
}

/** @param {import("node:child_process").ChildProcess} child @param {RegExp} pattern what stderr has to say */
function saidBy(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (pattern.test(text)) resolve(text);
    });
    child.once("exit", () => reject(new Error(`it ended early: ${text}`)));
  });
}

const network = new VethPair("ringcap-demo");
process.on("exit", () => network.destroy());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

const options = ["-i", "v0", "--port", "80,443", "--tcp-flags", "syn,!ack", "-w", file, "--json"];
process.stdout.write(`$ ringcap capture ${options.join(" ")}\n`);
const ringcap = network.spawn(network.receiver, [process.execPath, "dist/bundle/main.cjs", "capture", ...options]);
let report = "";
ringcap.stdout?.setEncoding("utf8").on("data", (chunk) => {
  report += chunk;
});
const ended = once(ringcap, "close");
process.stdout.write(String(await saidBy(ringcap, /^listening on .*\n/m)));

const traffic = network.spawn(network.sender, [process.execPath, "scripts/lib/demo-traffic.mjs"], { stdio: "inherit" });
const [trafficCode] = await once(traffic, "close");
ringcap.kill("SIGINT");
const [code] = await ended;
if (code !== 0 || trafficCode !== 0) {
  process.stderr.write(`demo: ringcap ended with ${code}, the traffic with ${trafficCode}\n${report}`);
  process.exit(1);
}
process.stdout.write(summarise(readFileSync(file), JSON.parse(report), file));

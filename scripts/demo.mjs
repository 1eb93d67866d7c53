// The main job, from end to end: a network namespace is flooded with SYNs among other traffic, ringcap records the SYNs
// to a .pcap, and what is in it is shown.
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { summarise } from "./lib/syn-summary.mjs";
import { VethPair } from "./lib/veth.mjs";

const file = "build/demo/syn-flood.pcap";
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

if (process.getuid?.() !== 0) {
  process.stderr.write(
    "demo: capturing and making network namespaces need root. Run: sudo npm run demo\n" +
      "demo: `node dist/cli/main.js doctor` says what this user can do\n",
  );
  process.exit(1);
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

mkdirSync("build/demo", { recursive: true });
const network = new VethPair("ringcap-demo");
process.on("exit", () => network.destroy());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

const options = ["-i", "v0", "--port", "80,443", "--tcp-flags", "syn,!ack", "-w", file, "--json"];
process.stdout.write(`$ ringcap capture ${options.join(" ")}\n`);
const ringcap = network.spawn(network.receiver, [process.execPath, "dist/cli/main.js", "capture", ...options]);
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

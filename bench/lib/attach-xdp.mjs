// Attaches an XDP program that captures nothing until SIGINT: node bench/lib/attach-xdp.mjs <interface> pass|drop
import { AttachType, XdpFlags } from "../../dist/native/program.js";
import { listInterfaces } from "../../dist/native/system.js";
import { loadBaseline } from "./baseline-program.mjs";

const [name, action] = process.argv.slice(2);
const found = listInterfaces().find((candidate) => candidate.name === name);
if (found === undefined) throw new Error(`there is no ${name}`);
const link = loadBaseline(action === "drop" ? "drop" : "pass").attach(found.index, AttachType.XDP, XdpFlags.NATIVE);
process.once("SIGINT", () => {
  link.close();
  process.exit(0);
});
setInterval(() => {}, 1 << 30);
process.stderr.write(`listening on ${name}\n`);

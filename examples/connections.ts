/**
 * Prints each TCP connection that ends, with the process that it belonged to, until Ctrl-C.
 *
 *     sudo node examples/connections.ts 80,443
 */
import { connections } from "ringcap";

const [port] = process.argv.slice(2);

const session = connections({ port });
process.once("SIGINT", () => session.requestStop());
console.log("following connections");

for await (const { comm, pid, role, remoteAddress, remotePort, bytesSent, bytesReceived, reason } of session) {
  const direction = role === "client" ? "to" : "from";
  const bytes = `${bytesSent} bytes sent, ${bytesReceived} received`;
  console.log(`${comm ?? "?"} (${pid ?? "?"}) ${direction} ${remoteAddress} port ${remotePort}: ${bytes}, ${reason}`);
}

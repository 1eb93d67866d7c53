// ringcap's command line as a process on v0 that is told when to end.
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../dist/bundle/main.cjs", import.meta.url));

/**
 * Resolves when it listens.
 *
 * @param {import("../../scripts/lib/veth.mjs").VethPair} network
 * @param {string[]} command
 */
export async function listen(network, command) {
  const child = network.spawn(network.receiver, command);
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
  });
  let messages = "";
  await new Promise((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      messages += chunk;
      if (messages.includes("listening on")) resolve(undefined);
    });
    child.once("exit", () => reject(new Error(`${command[0]} ended early: ${messages}`)));
  });
  return {
    pid: child.pid ?? 0,
    /** Its standard output. */
    stop: async () => {
      const ended = once(child, "close");
      child.kill("SIGINT");
      await ended;
      return output;
    },
  };
}

/** @param {string[]} options */
export function ringcap(...options) {
  return [process.execPath, cli, "-i", "v0", ...options];
}

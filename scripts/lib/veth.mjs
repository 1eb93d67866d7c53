// Two network namespaces joined by a veth pair: v1 in the sender's, v0 in the receiver's.
import { execFileSync, spawn } from "node:child_process";

export class VethPair {
  /** @param {string} name @param {number} [queues] of both ends, one for each CPU that sends */
  constructor(name, queues = 1) {
    this.sender = `${name}-sender`;
    this.receiver = `${name}-receiver`;
    this.destroy();
    try {
      for (const namespace of [this.sender, this.receiver]) {
        ip("netns", "add", namespace);
        // Nothing but what is sent on purpose shall cross the link.
        for (const scope of ["all", "default"]) {
          this.run(namespace, "sysctl", "-qw", `net.ipv6.conf.${scope}.disable_ipv6=1`);
        }
        ip("-n", namespace, "link", "set", "lo", "up");
      }
      const numbers = ["numrxqueues", String(queues), "numtxqueues", String(queues)];
      const peer = ["peer", "name", "v0", "netns", this.receiver, ...numbers];
      ip("link", "add", "v1", "netns", this.sender, ...numbers, "type", "veth", ...peer);
      ip("-n", this.sender, "link", "set", "v1", "address", "02:00:00:00:00:01", "up");
      ip("-n", this.receiver, "link", "set", "v0", "address", "02:00:00:00:00:02", "up");
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /** @param {string} namespace @param {string[]} command */
  run(namespace, ...command) {
    return execFileSync("ip", ["netns", "exec", namespace, ...command], { encoding: "utf8" });
  }

  /**
   * @param {string} namespace
   * @param {string[]} command
   * @param {import("node:child_process").SpawnOptions} [options]
   */
  spawn(namespace, command, options = {}) {
    return spawn("ip", ["netns", "exec", namespace, ...command], { stdio: ["ignore", "pipe", "pipe"], ...options });
  }

  destroy() {
    for (const namespace of [this.sender, this.receiver]) {
      try {
        execFileSync("ip", ["netns", "delete", namespace], { stdio: "ignore" });
      } catch {
        // It is not there.
      }
    }
  }
}

/** @param {string[]} args */
function ip(...args) {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

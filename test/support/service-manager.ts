/** A service manager in a test, which takes the messages of sd_notify(3) by socket(2) of another program. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished } from "vitest";

/** Prints each datagram as JSON, with the process that sent it as the kernel knows it. */
const RECEIVER = `
import json, os, socket, struct, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind(sys.argv[1].replace("@", "\\0", 1))
if sys.argv[1][0] != "@": os.chmod(sys.argv[1], 0o777)
print("bound", flush=True)
while True:
    message, control, _, _ = receiver.recvmsg(65536, 64)
    print(json.dumps([message.decode(), struct.unpack("3i", control[0][2])[0]]), flush=True)
`;

export type Message = readonly [text: string, sender: number];

export interface ServiceManager {
  /** What it was sent so far. */
  readonly messages: readonly Message[];
  /** Waits for the next message. */
  next(): Promise<Message>;
}

/**
 * @param address a path, or an abstract name behind "@"
 * @param whenBound what happens to the receiver before it is asked for a message, and goes on
 */
export async function startServiceManager(
  address: string,
  whenBound?: (receiver: ChildProcess) => void,
): Promise<ServiceManager> {
  const python = spawn("python3", ["-c", RECEIVER, address], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    python.kill("SIGKILL");
    if (python.exitCode === null && python.signalCode === null) await once(python, "exit");
  });
  const lines = createInterface({ input: python.stdout });
  expect(await once(lines, "line")).toEqual(["bound"]);
  const messages: Message[] = [];
  lines.on("line", (line) => messages.push(JSON.parse(line)));
  whenBound?.(python);
  let taken = 0;
  return {
    messages,
    next: async () => {
      python.kill("SIGCONT");
      for (;;) {
        const message = messages[taken];
        taken += message === undefined ? 0 : 1;
        if (message !== undefined) return message;
        await once(lines, "line");
      }
    },
  };
}

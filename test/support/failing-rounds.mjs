/**
 * Opens and ends a session of the built library again and again while one call after the other fails (failing-calls.c):
 *
 *     node --expose-gc failing-rounds.mjs capture|connections CALL ERRNO
 *
 * Prints, as JSON, what came of the session for numbers of the call until that is not reached any more. Of calls in a row
 * with one outcome, such as the making of many maps, the first two and then every STRIDE-th fail.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { openSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CaptureSession, planCapture, startCapture } from "../../dist/capture/index.js";
import { connections } from "../../dist/connections/index.js";
import { RingcapError } from "../../dist/errors.js";
import { CaptureOutput, PcapFileFormat } from "../../dist/outputs/index.js";
import { record } from "../../dist/pipeline/index.js";

const PACKETS = 5;
const PORT = 9999;
const ROUNDS_MAX = 300;
const STRIDE = 4;
const [, , kind, call = "", error = ""] = process.argv;
const errno = new Map(Object.entries(constants.errno)).get(error);
/** Whether the call that is to fail was made in this round. */
let reached = false;

/**
 * Whether the answer is yes, which is EEXIST.
 *
 * @param {string} question
 */
function ask(question) {
  try {
    openSync(`/failing-calls/${question}`, "r");
  } catch (answer) {
    return answer instanceof Error && "code" in answer && answer.code === "EEXIST";
  }
  throw new Error("failing-calls.so is not loaded");
}

/** What a session opens. Node.js itself leaves a file open where fstat(2) fails in readFileSync(). */
const OWN = /^anon_inode:.*(bpf|eventpoll|timerfd)/;

/** @param {RegExp} pattern */
function descriptors(pattern) {
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // the directory itself
    }
  });
  return links.filter((link) => pattern.test(link)).length;
}

const file = join(tmpdir(), `ringcap-failing-${process.pid}.pcap`);
const socket = createSocket("udp4");
socket.bind(0, "127.0.0.1");
await once(socket, "listening");

async function captureRound() {
  const plan = planCapture({
    interfaces: ["lo"],
    hook: "tc",
    filter: { destinationPort: String(PORT) },
    promiscuous: true,
    count: PACKETS,
  });
  let output;
  let session;
  try {
    output = new CaptureOutput(file, new PcapFileFormat("micro"));
    output.prepare();
    session = await startCapture(plan, CaptureSession);
    const { report, failures } = await record(session, output, async () => {
      for (let i = 0; i < PACKETS; i++) await new Promise((resolve) => socket.send("x", PORT, "127.0.0.1", resolve));
    });
    await session.removed();
    reached = ask("answer");
    const { matched, ringDropped, overLimit, written, writeFailed } = report.packets;
    const adds = matched === PACKETS && matched === ringDropped + overLimit + written + writeFailed;
    if (failures[0] !== undefined) throw failures[0];
    // 24 bytes of header; 16 and an Ethernet frame with a UDP datagram of a byte for each packet.
    return { adds: adds && written === PACKETS && statSync(file).size === 24 + PACKETS * (16 + 43) };
  } catch (error) {
    await session?.stop();
    output?.discard();
    throw error;
  }
}

async function connectionsRound() {
  const session = connections({ namespace: "own" });
  setImmediate(() => session.requestStop());
  for await (const _ of session.batches());
  const { opened, closed } = session.counters();
  return { adds: opened === 0 && closed === 0 };
}

const round = kind === "capture" ? captureRound : connectionsRound;
await round();
const before = descriptors(OWN);
const outcomes = [];
let alike = 0;
let lastText;
for (let number = 1; number === 1 || (reached && number < ROUNDS_MAX); number += alike < 1 ? 1 : STRIDE) {
  reached = false;
  ask(`${call}/${errno}/${number}`);
  let outcome;
  try {
    outcome = await round();
  } catch (thrown) {
    outcome = {
      failed: thrown instanceof RingcapError && thrown.code !== "INTERNAL",
      text: String(thrown),
    };
  }
  reached = ask("answer") || reached;
  const text = "text" in outcome ? outcome.text : "";
  alike = text === lastText ? alike + 1 : 0;
  lastText = text;
  outcomes.push({ number, reached, attached: descriptors(/bpf[-_]link/), ...outcome });
}
for (let turn = 0; turn < 3; turn++) {
  globalThis.gc?.();
  await nextTurn();
}
console.log(JSON.stringify({ outcomes, left: descriptors(OWN) - before }));
rmSync(file, { force: true });
socket.close();

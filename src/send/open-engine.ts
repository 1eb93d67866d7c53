/**
 * Chooses and opens the engine: live frames where the options and the interface allow them, and a packet socket
 * otherwise.
 */
import { RingcapError, reasonOf } from "../errors.ts";
import type { SendEngine } from "./engine.ts";
import { liveFramesRefused } from "./failures.ts";
import type { FrameSource } from "./frame-source.ts";
import type { SendInterface } from "./interface.ts";
import { LiveEngine } from "./live-engine.ts";
import type { SendSettings } from "./options.ts";
import { SocketEngine } from "./socket-engine.ts";

/** @throws RingcapError PRIVILEGE, KERNEL */
export function openEngine(
  source: Pick<FrameSource, "windowSize">,
  target: SendInterface,
  settings: SendSettings,
): SendEngine {
  const { pace, engine, vary, cpus, onNote } = settings;
  const isEthernet = target.link.linkLayer === "ethernet";
  if (engine === "socket" || pace.kind !== "topspeed" || (engine === "auto" && !isEthernet)) {
    return new SocketEngine(target, vary);
  }
  if (!isEthernet) throw liveFramesRefused(target);
  try {
    return new LiveEngine({ target, vary, cpus, fileSize: source.windowSize, exclusive: engine === "xdp" });
  } catch (error) {
    if (engine === "xdp") throw error;
    onNote(`no live frames, so that a packet socket sends, which is slower: ${reasonOf(error)}`);
    if (error instanceof RingcapError && error.hint !== undefined) onNote(error.hint);
    return new SocketEngine(target, vary);
  }
}

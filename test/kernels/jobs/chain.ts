/** Captures at TC beside a program that drops every packet: in the TCX chain, before 6.6 as a filter of clsact. */
import { deepEqual, match } from "node:assert/strict";
import { ProgramView } from "../../../src/capture/program-view.ts";
import { errnoOf } from "../../../src/errors.ts";
import { Assembler } from "../../../src/filter/ebpf/assembler.ts";
import { Alu } from "../../../src/filter/ebpf/opcodes.ts";
import { hasTcx } from "../../../src/host/kernel-features.ts";
import { attachClsact, detachClsact } from "../../../src/native/clsact.ts";
import { BpfProgram, ProgramType } from "../../../src/native/program.ts";
import { attachFirst, queryChain } from "../../../src/native/program-chain.ts";
import { listInterfaces } from "../../../src/native/system.ts";
import { knownMixture } from "../../support/known-mixture.ts";
import { captureWhile, sendFrames } from "../lib/capturing.ts";
import { loadTcModules, makePair, receiver } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";
import { until } from "../lib/until.ts";

/** TC_ACT_SHOT of include/uapi/linux/pkt_cls.h. */
const SHOT = 2;
const frames = knownMixture().map(({ frame }) => frame);
const all = frames.map((frame) => Buffer.from(frame).toString("hex"));

function loadDropper(): BpfProgram {
  const assembler = new Assembler();
  assembler.alu64(Alu.MOV, 0, { value: SHOT });
  assembler.exit();
  return BpfProgram.load(ProgramType.TC, assembler.assemble().bytes, "dropper");
}

function receiverIndex(): number {
  return listInterfaces().find(({ name }) => name === receiver)?.index ?? 0;
}

/** Attaches it as others would on this kernel, in front of what is there. @returns what takes it off */
function attachDropper(): () => void {
  const program = loadDropper();
  const interfaceIndex = receiverIndex();
  try {
    const link = attachFirst(program, { interfaceIndex, egress: false });
    return () => {
      link.close();
      program.close();
    };
  } catch (error) {
    if (errnoOf(error) !== "EINVAL") throw error;
    const place = { interfaceIndex, egress: false, handle: 7, priority: 1 };
    attachClsact(program, place);
    return () => {
      detachClsact(place);
      program.close();
    };
  }
}

export const chain: Job = {
  name: "chain",
  async run(checks) {
    await makePair();
    await loadTcModules();
    const options = { interfaces: [receiver], hook: "tc", snapshotLength: 0 } as const;
    await checks.check("a program that was there before hides nothing", async () => {
      const detach = attachDropper();
      try {
        deepEqual((await captureWhile(options, all.length, () => sendFrames(frames))).frames, all);
      } finally {
        detach();
      }
    });
    await checks.check("one that comes in front later is said, and hides nothing once it is", async () => {
      const notes: string[] = [];
      let detach: (() => void) | undefined;
      try {
        const captured = await captureWhile(
          { ...options, onNote: (note) => void notes.push(note) },
          all.length,
          async () => {
            detach = attachDropper();
            await until("a note", () => notes.length > 0 || undefined);
            await sendFrames(frames);
          },
        );
        deepEqual(captured.frames, all);
        match(notes.join("\n"), /^v0: program \d+ "dropper" was attached in front at TC \(in\): moved in front of it$/);
      } finally {
        detach?.();
      }
    });
    await checks.check("programs are told of to who may not ask, as they are to who may", () => {
      using view = new ProgramView();
      using program = loadDropper();
      const { id, name } = program.describe();
      deepEqual(view.namesOf(id), { name, maps: [] });
      if (!hasTcx()) return;
      const chain = { interfaceIndex: receiverIndex(), egress: false };
      using link = attachFirst(program, chain);
      deepEqual(view.chainOf(link, chain.egress), queryChain(chain));
    });
  },
};

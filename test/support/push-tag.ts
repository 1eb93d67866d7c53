/** A TC program that puts VLAN tag 5 beside a frame, as a network card does, and goes on into another program. */
import { BpfObject } from "../../src/native/object.ts";
import type { BpfProgram } from "../../src/native/program.ts";
import { PROGRAM_NAMES, testPrograms } from "../native/test-programs.ts";

export interface TaggingProgram extends Disposable {
  testRun: BpfProgram["testRun"];
}

export function loadPushTag(next: BpfProgram): TaggingProgram {
  using object = new BpfObject(testPrograms(), "programs");
  for (const name of PROGRAM_NAMES) object.setAutoload(name, name === "push_tag");
  object.load();
  const program = object.program("push_tag");
  const table = object.map("next");
  table.setProgram(0, next);
  return {
    testRun: (frame, options) => program.testRun(frame, options),
    [Symbol.dispose]() {
      program.close();
      table.close();
    },
  };
}

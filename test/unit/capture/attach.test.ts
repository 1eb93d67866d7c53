import { describe, expect, test } from "vitest";
import { type Attaching, attach, type Link } from "../../../src/capture/attach.ts";
import { type CaptureOptions, checkOptions } from "../../../src/capture/options.ts";
import type { EntryPoint } from "../../../src/capture/programs.ts";
import { RingcapError } from "../../../src/errors.ts";
import { BpfLink } from "../../../src/native/link.ts";
import { BpfProgram } from "../../../src/native/program.ts";
import type { BpfHook } from "../../../src/packets/captured.ts";
import { ethernet } from "./targets.ts";

const HOOKS: readonly BpfHook[] = ["xdp-native", "xdp-generic", "tc"];
const failed = (code: string) => Object.assign(new Error(code), { code });

/** A descriptor of nothing: what is attached here is in no kernel. */
const NOWHERE = { fd: -1, close: () => {} };

/** What each place answers: nothing, where it takes the program, or an error. */
type Answers = Partial<Record<BpfHook | EntryPoint, unknown>>;

/** Attaches to places that answer so, and notes what was tried. */
function attaching(answers: Answers, options: CaptureOptions = {}) {
  const tried: string[] = [];
  const told: string[] = [];
  const take = (place: keyof Answers) => {
    tried.push(place);
    if (answers[place] !== undefined) throw answers[place];
  };
  class Program extends BpfProgram {
    override attach(_target: number, _type: number, flags: number): BpfLink {
      take(flags === 4 ? "xdp-native" : "xdp-generic");
      return new BpfLink(NOWHERE);
    }
  }
  const attachAtTc = (_program: BpfProgram, { egress }: { egress: boolean }): Link => {
    const name = egress ? "capture_tc_egress" : "capture_tc_ingress";
    take(name);
    return { interfaceIndex: () => 1, close: () => tried.push(`close ${name}`) };
  };
  const settings = checkOptions({ ...options, onNote: (note) => told.push(note), onDetail: (text) => told.push(text) });
  const programsFor = (hook: BpfHook) => {
    if (answers[hook] instanceof RingcapError) throw answers[hook];
    return { entryPoint: () => new Program(NOWHERE) };
  };
  const placeholders = () => {
    throw new Error("nobody moves");
  };
  const all: Attaching = { settings, programsFor, placeholders, attachAtTc };
  return { tried, told, attach: (hooks = HOOKS) => attach(ethernet, hooks, all) };
}

test("the first hook that takes the program is the one, and no other is tried", () => {
  const { tried, told, attach } = attaching({});
  expect(attach().hook).toBe("xdp-native");
  expect(tried).toEqual(["xdp-native"]);
  expect(told).toEqual([]);
});

test("a driver without XDP is worth a detail, and the next hook is tried", () => {
  const { tried, told, attach } = attaching({ "xdp-native": failed("EOPNOTSUPP") });
  expect(attach().hook).toBe("xdp-generic");
  expect(tried).toEqual(["xdp-native", "xdp-generic"]);
  expect(told).toEqual([expect.stringMatching(/^v0 at xdp-native: EOPNOTSUPP/)]);
});

test.each(["EBUSY", "EEXIST"])("an XDP slot that is taken (%s) is worth a note once another hook has it", (code) => {
  const { told, attach } = attaching({ "xdp-native": failed(code), "xdp-generic": failed(code) });
  expect(attach().hook).toBe("tc");
  expect(told.at(-1)).toMatch(/^v0: XDP (was taken|is taken .*); capturing at tc$/);
});

test("a program that the verifier refuses at one hook may be taken at the next", () => {
  const cause = failed("EINVAL");
  const refusal = new RingcapError("load: EINVAL", { code: "KERNEL", operation: "load the capture program", cause });
  const { attach } = attaching({ "xdp-native": refusal });
  expect(attach().hook).toBe("xdp-generic");
});

test.each([
  ["EPERM", "PRIVILEGE"],
  ["EACCES", "PRIVILEGE"],
  ["ENODEV", "KERNEL"],
  ["ENOMEM", "KERNEL"],
])("%s would be met at every hook: it ends the attempt", (errno, code) => {
  const { tried, attach } = attaching({ "xdp-native": failed(errno) });
  const operation = "attach to v0 (xdp-native)";
  expect(() => attach()).toThrow(expect.objectContaining({ code, operation }));
  expect(tried).toEqual(["xdp-native"]);
});

test("what was refused for lack of a privilege is not tried elsewhere", () => {
  const refusal = new RingcapError("load: EPERM", { code: "PRIVILEGE", operation: "load the capture program" });
  const { tried, attach } = attaching({ "xdp-native": refusal });
  expect(() => attach()).toThrow(refusal);
  expect(tried).toEqual([]);
});

test("the error is that of the last hook", () => {
  const { attach } = attaching({ "xdp-native": failed("EOPNOTSUPP"), "xdp-generic": failed("EINVAL") });
  expect(() => attach(["xdp-native", "xdp-generic"])).toThrow(
    expect.objectContaining({ operation: "attach to v0 (xdp-generic)", message: expect.stringContaining("EINVAL") }),
  );
});

test("the error is that of native XDP where another program has its place, in whose way generic XDP is refused", () => {
  const { attach } = attaching({ "xdp-native": failed("EBUSY"), "xdp-generic": failed("EEXIST") });
  expect(() => attach(["xdp-native", "xdp-generic"])).toThrow(
    expect.objectContaining({ operation: "attach to v0 (xdp-native)", message: expect.stringContaining("EBUSY") }),
  );
});

describe("at TC", () => {
  const both: CaptureOptions = { direction: "inout" };

  test("both directions have a program each, that of what comes in first", () => {
    const { tried, attach } = attaching({}, both);
    expect(attach(["tc"]).links).toHaveLength(2);
    expect(tried).toEqual(["capture_tc_ingress", "capture_tc_egress"]);
  });

  test("nothing stays attached where one direction fails", () => {
    const { tried, attach } = attaching({ capture_tc_egress: failed("EOPNOTSUPP") }, both);
    expect(() => attach(["tc"])).toThrow(expect.objectContaining({ operation: "attach to v0 (tc)" }));
    expect(tried).toEqual(["capture_tc_ingress", "capture_tc_egress", "close capture_tc_ingress"]);
  });

  test("others can come in front, as they cannot at XDP", () => {
    const { attach } = attaching({});
    expect([attach(["tc"]).hasNeighbours, attach(["xdp-native"]).hasNeighbours]).toEqual([true, false]);
  });
});

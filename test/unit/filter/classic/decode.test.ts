import { describe, expect, test } from "vitest";
import { decode } from "../../../../src/filter/classic/decode.ts";
import type { RawInstruction } from "../../../../src/filter/classic/instruction.ts";
import { isKnowableAt } from "../../../../src/filter/ebpf/compile.ts";

const instruction = (code: number, k = 0, jt = 0, jf = 0): RawInstruction => ({ code, jt, jf, k });
const RETURN = instruction(0x06, 1);
/** Offsets of linux/filter.h: what lies beside a packet is loaded from SKF_AD_OFF on. */
const ancillary = (field: number) => instruction(0x20, 0xffff_f000 + field);

describe("a program of classic BPF", () => {
  test.each<readonly [string, RawInstruction[], string]>([
    ["that is empty", [], "the program is empty"],
    ["of 4,097 instructions", Array.from({ length: 4097 }, () => RETURN), "it has 4097 instructions, more than 4096"],
    ["with a code of none of its instructions", [instruction(0xffff), RETURN], "0xffff is no code of classic BPF"],
    ["that returns X", [instruction(0x0e)], "0xe is no code of classic BPF"],
    ["that ends without a return", [instruction(0x00, 1)], "nothing follows it, and it is no return"],
    ["that jumps beyond its end", [instruction(0x15, 0, 0, 1), RETURN], "it jumps beyond the end"],
    [
      "that jumps to before its beginning",
      [instruction(0x05, 0xffff_fffe), RETURN],
      "its loops are not those of protochain",
    ],
    [
      "that jumps into a loop",
      [instruction(0x15, 0, 1), instruction(0x04), instruction(0x05, 0xffff_fffe), RETURN],
      "its loops are not those of protochain",
    ],
    ["that loads from beyond 64 KiB", [instruction(0x30, 0x1_0000), RETURN], "offsets beyond 65535 (64 KiB)"],
    ["that loads at X from beyond 64 KiB", [instruction(0x50, 0x1_0000), RETURN], "offsets beyond 65535 (64 KiB)"],
    ["that loads from the network header on", [instruction(0x20, 0xfff0_0000), RETURN], "SKF_NET_OFF"],
    ["that loads what nobody knows", [ancillary(64), RETURN], "there is no ancillary load 64"],
    ["that divides by a constant of zero", [instruction(0x34, 0), RETURN], "it divides by zero"],
    ["that shifts by more bits than there are", [instruction(0x64, 32), RETURN], "it shifts by 32 bits"],
    ["with a seventeenth scratch word", [instruction(0x02, 16), RETURN], "there is no scratch word 16"],
  ])("%s is refused by name", (_, program, reason) => {
    expect(() => decode(program)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining(reason) }),
    );
  });

  test("names the instruction that it is refused for", () => {
    expect(() => decode([RETURN, instruction(0x34, 0), RETURN])).toThrow("compile the expression: instruction 1: ");
  });
});

test("what lies beside a packet can be known at TC, and little of it at XDP", () => {
  const known = (field: number) => {
    const program = decode([ancillary(field), RETURN]);
    return [isKnowableAt(program, "xdp"), isKnowableAt(program, "tc-ingress")];
  };
  const fields = {
    protocol: 0,
    pkttype: 4,
    ifindex: 8,
    nlattr: 12,
    mark: 20,
    hatype: 28,
    cpu: 36,
    vlan: 44,
    offset: 52,
  };
  expect(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, known(field)]))).toEqual({
    protocol: [false, true],
    pkttype: [false, true],
    ifindex: [true, true],
    nlattr: [false, false],
    mark: [false, true],
    hatype: [false, false],
    cpu: [true, true],
    vlan: [false, true],
    offset: [false, false],
  });
});

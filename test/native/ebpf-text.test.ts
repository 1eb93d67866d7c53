/** The text of generated eBPF against LLVM's. */
import { expect, test } from "vitest";
import { compileToEbpf } from "../../src/filter/ebpf/compile.ts";
import { disassembleEbpf } from "../../src/filter/ebpf/disassemble.ts";
import { Helper } from "../../src/filter/ebpf/opcodes.ts";
import { compileExpression } from "../../src/filter/expression.ts";
import { ethernetExpressions } from "../support/expressions.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";

const INSTRUCTION_SIZE = 8;
const ETHERNET = 1;

/** Every different instruction of many programs, as hexadecimal digits, and its text as LLVM would have it. */
function textOfInstructions(): Map<string, string> {
  const texts = new Map<string, string>();
  for (const expression of ethernetExpressions.filter((_, index) => index % 5 === 0)) {
    const { program } = compileExpression(expression, ETHERNET);
    for (const hook of ["xdp", "tc-ingress"] as const) {
      for (const assembled of compileToEbpf(program, { hook, linkLayer: "ethernet", origin: 0 })) {
        for (const line of disassembleEbpf(assembled)) {
          const [number = "", text = ""] = line.trim().split(": ");
          const start = Number(number) * INSTRUCTION_SIZE;
          const bytes = Buffer.from(assembled.bytes.subarray(start, start + INSTRUCTION_SIZE)).toString("hex");
          if (!text.includes("map ")) texts.set(bytes, asLlvmHasIt(text, Number(number)));
        }
      }
    }
  }
  return texts;
}

/** LLVM says how far jumps go, has numbers for helpers, and writes them all in decimal digits. */
function asLlvmHasIt(text: string, index: number): string {
  return text
    .replaceAll(/0x[0-9a-f]+/g, (digits) => String(Number(digits) | 0))
    .replace(/goto (\d+)$/, (_, target) => `goto ${distance(index, target).replace(/^\d/, "+$&")}`)
    .replace(/^call (\d+)$/, (_, target) => `call ${distance(index, target)}`)
    .replace(/^call ([a-z]\w*)$/, (_, helper: keyof typeof Helper) => `call ${Helper[helper]}`);
}

function distance(index: number, target: string): string {
  return String(Number(target) - index - 1);
}

describeWith(requirements.tools("llvm-mc"), "generated eBPF", () => {
  test("is printed as LLVM prints it", async () => {
    const ours = textOfInstructions();
    const input = [...ours.keys()].map((bytes) => bytes.replaceAll(/../g, "0x$& ")).join("\n");
    const { stdout, stderr } = await run("llvm-mc", ["-disassemble", "-triple=bpfel", "-mcpu=v3"], { input });
    // LLVM has no name for some instructions that the kernel knows, and leaves them out.
    const unknown = new Set([...stderr.matchAll(/^<stdin>:(\d+):/gm)].map(([, line]) => Number(line)));
    const judged = [...ours.values()].filter((_, index) => !unknown.has(index + 1));
    expect(`\t.text\n${judged.map((text) => `\t${text}\n`).join("")}`).toBe(stdout);
    const left = [...ours.values()].filter((_, index) => unknown.has(index + 1));
    expect(
      left.filter((text) => !/^if [rw]\d & .* goto [-+]\d+$|^\*\(u\d+ \*\)\(r10 - \d+\) = -?\d+$/.test(text)),
    ).toEqual([]);
    expect(judged.length).toBeGreaterThan(300);
  });
});

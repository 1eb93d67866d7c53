/** Every expression over every packet: libpcap's program in the interpreter against `tcpdump -r`, its text against `-d`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { disassemble, toCFragment, toDecimalNumbers } from "../../src/filter/classic/disassemble.ts";
import { Interpreter } from "../../src/filter/classic/interpreter.ts";
import { compileExpression } from "../../src/filter/expression.ts";
import { ethernetExpressions, neverChosen, rawIpExpressions } from "../support/expressions.ts";
import { collectionKinds, collectPackets, type PacketCollection } from "../support/packet-collection.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const directory = mkdtempSync(join(tmpdir(), "ringcap-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const expressionsOf = { Ethernet: ethernetExpressions, "raw IP": rawIpExpressions } as const;

function chosenByInterpreter(expression: string, { linkType, packets }: PacketCollection): number[] {
  const interpreter = new Interpreter(compileExpression(expression, linkType).program);
  return packets.flatMap(({ data, originalLength }, index) =>
    interpreter.run(data, 0, data.length, originalLength ?? data.length) === 0 ? [] : [index + 1],
  );
}

describeWith(requirements.tools("tcpdump"), "the interpreter", () => {
  for (const kind of collectionKinds) {
    const collection = collectPackets(kind, directory);
    const expressions = expressionsOf[kind.name];
    let verdicts: ReadonlyMap<string, readonly number[]>;
    beforeAll(async () => {
      verdicts = await collection.askTcpdump(expressions);
    });

    test.each(expressions)(`chooses the packets of ${kind.name} that tcpdump chooses: %s`, (text) => {
      expect(collection.disputed(text, chosenByInterpreter(text, collection), verdicts.get(text) ?? [])).toEqual([]);
    });

    test(`has a packet of ${kind.name} to choose for nearly every expression`, () => {
      expect(expressions.filter((text) => verdicts.get(text)?.length === 0 && !neverChosen.has(text))).toEqual([]);
    });
  }
});

/** What `tcpdump -d`, `-dd` and `-ddd` do (options 1, 2 and 3), for many expressions in one process. */
const DUMP = `
import ctypes, json, sys
library = ctypes.CDLL("libpcap.so.0.8")
library.pcap_open_dead.restype = ctypes.c_void_p
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint), ("code", ctypes.c_void_p)]
questions = json.load(sys.stdin)
handle = ctypes.c_void_p(library.pcap_open_dead(questions["dataLinkType"], 262144))
for expression in questions["expressions"]:
    program = Program()
    library.pcap_compile(handle, ctypes.byref(program), expression.encode(), 1, 0)
    for option in 1, 2, 3:
        library.bpf_dump(ctypes.byref(program), option)
`;

describeWith(requirements.tools("tcpdump", "python3"), "the disassembler", () => {
  test.each([
    { name: "Ethernet", linkType: 1, dataLinkType: 1 },
    { name: "raw IP", linkType: 101, dataLinkType: 12 },
  ] as const)("prints every expression for $name as libpcap does", async ({ name, linkType, dataLinkType }) => {
    const expressions = expressionsOf[name];
    const { stdout } = await runOrFail("python3", ["-c", DUMP], {
      input: JSON.stringify({ dataLinkType, expressions }),
    });
    const ours = expressions.flatMap((text) => {
      const { listing } = compileExpression(text, linkType);
      return [disassemble(listing), toCFragment(listing), toDecimalNumbers(listing)];
    });
    expect(`${ours.join("\n")}\n`).toBe(stdout);
  });

  test.each(ethernetExpressions.filter((_, index) => index % 25 === 0))("prints as tcpdump does: %s", async (text) => {
    const { listing } = compileExpression(text, 1);
    for (const [option, print] of Object.entries({ "-d": disassemble, "-dd": toCFragment, "-ddd": toDecimalNumbers })) {
      expect(`${print(listing)}\n`).toBe((await runOrFail("tcpdump", [option, "-y", "EN10MB", text])).stdout);
    }
  });

  test.each(["inbound", "outbound", "ifindex 3", "inbound and vlan 5"])(
    "prints what only the kernel knows: %s",
    async (text) => {
      const { stdout } = await runOrFail("tcpdump", ["-d", "-y", "EN10MB", text]);
      expect(`${disassemble(compileExpression(text, 1).listing)}\n`).toBe(stdout);
    },
  );
});

test("the expressions are 300 at least", () => {
  expect(ethernetExpressions.length).toBeGreaterThanOrEqual(300);
});

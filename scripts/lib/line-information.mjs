// Takes out of a BPF object what it says about lines of its source: two thirds of its bytes. The verifier would show the lines in
// its log, and needs them for nothing. The types and functions of the section .BTF.ext, which it needs, stay.
//
// https://docs.kernel.org/bpf/btf.html#btf-ext-section
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SECTION = ".BTF.ext";
const MAGIC = 0xeb9f;
/** Places in the header, of 32 bits each. Offsets count from the end of the header. */
const HEADER = { length: 4, lineOffset: 16, lineLength: 20, relocationOffset: 24 };

/** @param {string} object path */
export function removeLineInformation(object) {
  const folder = mkdtempSync(join(tmpdir(), "ringcap-build-"));
  try {
    const file = join(folder, "section");
    execFileSync("llvm-objcopy", [`--dump-section=${SECTION}=${file}`, object]);
    writeFileSync(file, withoutLines(readFileSync(file)));
    const sections = [`--remove-section=${SECTION}`, `--remove-section=.rel${SECTION}`];
    // The names of jumps, which only the lines refer to, go with them.
    execFileSync("llvm-objcopy", [...sections, "--wildcard", "--strip-symbol=LBB*", object]);
    execFileSync("llvm-objcopy", [`--add-section=${SECTION}=${file}`, object]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Buffer} section @returns {Buffer} */
function withoutLines(section) {
  if (section.readUInt16LE(0) !== MAGIC) throw new Error(`${SECTION} begins with ${section.toString("hex", 0, 2)}`);
  const headerLength = section.readUInt32LE(HEADER.length);
  const begin = headerLength + section.readUInt32LE(HEADER.lineOffset);
  const length = section.readUInt32LE(HEADER.lineLength);
  const header = Buffer.from(section.subarray(0, headerLength));
  header.writeUInt32LE(0, HEADER.lineLength);
  // What is relocated for the kernel's own types comes behind the lines.
  header.writeUInt32LE(section.readUInt32LE(HEADER.relocationOffset) - length, HEADER.relocationOffset);
  return Buffer.concat([header, section.subarray(headerLength, begin), section.subarray(begin + length)]);
}

/**
 * The clock that BPF programs read: CLOCK_MONOTONIC of the initial time namespace. In a time namespace of its own a
 * process reads another one (time_namespaces(7)), so the clock is asked for with a program.
 */
import { readlinkSync } from "node:fs";
import { Assembler, Label, LITTLE_ENDIAN } from "../filter/ebpf/assembler.ts";
import { Alu, Jump } from "../filter/ebpf/opcodes.ts";
import { TC_NEXT } from "../generated/layouts.ts";
import { BpfProgram, ProgramType } from "../native/program.ts";
import { readClocks } from "../native/system.ts";

/** Offsets of `data` and `data_end` in struct __sk_buff of include/uapi/linux/bpf.h. */
const DATA = 76;
const DATA_END = 80;
const STAMP_LENGTH = 8;
/** The shortest frame that test runs take is an Ethernet header. */
const FRAME_LENGTH = 64;
const ROUNDS = 10;
/** Nanoseconds. A smaller difference is an error of the readings, because nobody shifts a clock by so little. */
const MEASURING_ERROR = 1_000_000n;

/** PROC_TIME_INIT_INO of include/linux/proc_ns.h: the number of the initial time namespace on every machine. */
const INITIAL_TIME_NAMESPACE = "time:[4026531834]";

/** The result is kept, because a process with threads cannot leave its time namespace. */
let shift: bigint | undefined;

/**
 * CLOCK_MONOTONIC of BPF programs less that of this process, in nanoseconds, exact to some microseconds. It is 0 where
 * both are of one time namespace. It is also 0 where no program may be loaded, because then no program's clock matters.
 */
export function kernelClockShift(): bigint {
  shift ??= measure();
  return shift;
}

/** Reads the clocks as readClocks() does, with the clock that BPF programs read. */
export function readKernelClocks(): { monotonic: bigint; epochOffset: bigint } {
  const { monotonic, epochOffset } = readClocks();
  return { monotonic: monotonic + kernelClockShift(), epochOffset: epochOffset - kernelClockShift() };
}

function isInInitialTimeNamespace(): boolean {
  try {
    return readlinkSync("/proc/self/ns/time") === INITIAL_TIME_NAMESPACE;
  } catch {
    return false; // /proc may be missing.
  }
}

function measure(): bigint {
  if (isInInitialTimeNamespace()) return 0n;
  let program: BpfProgram;
  try {
    program = loadClockProgram();
  } catch {
    return 0n;
  }
  try {
    return measureWith(program);
  } finally {
    program.close();
  }
}

/** The result comes from the round whose readings lie closest together. */
function measureWith(program: BpfProgram): bigint {
  const frame = new Uint8Array(FRAME_LENGTH);
  let closest: { span: bigint; shift: bigint } | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const before = readClocks().monotonic;
    const { data } = program.testRun(frame);
    const after = readClocks().monotonic;
    const stamp = new DataView(data.buffer, data.byteOffset).getBigUint64(0, LITTLE_ENDIAN);
    const span = after - before;
    if (closest === undefined || span < closest.span) closest = { span, shift: stamp - (before + span / 2n) };
  }
  const measured = closest?.shift ?? 0n;
  return measured > -MEASURING_ERROR && measured < MEASURING_ERROR ? 0n : measured;
}

/** The program writes the time into the first eight bytes of its packet. */
function loadClockProgram(): BpfProgram {
  const assembler = new Assembler();
  const end = new Label();
  assembler.load(4, 6, 1, DATA);
  assembler.load(4, 2, 1, DATA_END);
  assembler.alu64(Alu.MOV, 3, { register: 6 });
  assembler.alu64(Alu.ADD, 3, { value: STAMP_LENGTH });
  assembler.branch64(Jump.JGT, 3, { register: 2 }, end);
  assembler.callHelper("ktime_get_ns");
  assembler.store(8, 6, 0, { register: 0 });
  assembler.place(end);
  assembler.alu64(Alu.MOV, 0, { value: TC_NEXT });
  assembler.exit();
  return BpfProgram.load(ProgramType.TC, assembler.assemble().bytes, "ringcap_clock");
}

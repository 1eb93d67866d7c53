/**
 * Lays the first bytes of a frame as it was on the wire onto the stack, and notes its length and how far its bytes have
 * moved.
 */
import { SKB_CONTEXT } from "../../../generated/layouts.ts";
import { type Assembler, Label, type Register } from "../assembler.ts";
import type { FilterHook } from "../hook.ts";
import { Alu, Jump } from "../opcodes.ts";
import { CONTEXT, FRAME, PREFIX_LENGTH, Stack, ZERO } from "./machine.ts";

const ETHERNET_HEADER_LENGTH = 14;
const ETHER_TYPE = 12;
const TAG_LENGTH = 4;
const HEADER_PARTS = [
  [0, 8],
  [8, 4],
  [12, 2],
] as const;

/** BPF_HDR_START_MAC of linux/bpf.h. */
const FROM_MAC_HEADER = 0;

/** Until the body begins. */
const TAG: Register = 7;
const DETACHED: Register = 8;

/** @param restoresTag whether the tag in the metadata belongs to the bytes */
export function emitWireFrame(assembler: Assembler, hook: FilterHook, restoresTag: boolean): void {
  for (let at = 0; at < PREFIX_LENGTH; at += 8) assembler.store(8, FRAME, Stack.PREFIX + at, { value: 0 });
  loadHeader(assembler, "skb_load_bytes", Stack.PREFIX);
  assembler.alu32(Alu.MOV, DETACHED, { value: 0 });
  if (hook === "tc-ingress") emitDetachedHeader(assembler);
  assembler.alu32(Alu.MOV, TAG, { value: 0 });
  if (restoresTag) emitTag(assembler);

  // The verifier then follows the body once, and not once for each distance.
  assembler.alu32(Alu.MOV, 1, { register: TAG });
  assembler.alu32(Alu.ADD, 1, { register: DETACHED });
  assembler.alu32(Alu.ADD, 1, { register: ZERO });
  assembler.store(8, FRAME, Stack.SHIFT, { register: 1 });
  assembler.load(4, 0, CONTEXT, SKB_CONTEXT.len);
  assembler.alu64(Alu.ADD, 0, { register: 1 });
  assembler.store(8, FRAME, Stack.LENGTH, { register: 0 });
  emitPayload(assembler);
}

function loadHeader(assembler: Assembler, helper: "skb_load_bytes" | "skb_load_bytes_relative", to: number): void {
  assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
  assembler.alu32(Alu.MOV, 2, { value: 0 });
  assembler.alu64(Alu.MOV, 3, { register: FRAME });
  assembler.alu64(Alu.ADD, 3, { value: to });
  assembler.alu32(Alu.MOV, 4, { value: ETHERNET_HEADER_LENGTH });
  if (helper === "skb_load_bytes_relative") assembler.alu32(Alu.MOV, 5, { value: FROM_MAC_HEADER });
  assembler.callHelper(helper);
}

/**
 * Finds an Ethernet header in front of the data. There is one where the data do not begin with the header that the
 * socket buffer knows.
 */
function emitDetachedHeader(assembler: Assembler): void {
  const detached = new Label();
  const attached = new Label();
  loadHeader(assembler, "skb_load_bytes_relative", Stack.HEADER);
  assembler.branch64(Jump.JNE, 0, { value: 0 }, attached);
  for (const [at, size] of HEADER_PARTS) {
    assembler.load(size, 1, FRAME, Stack.HEADER + at);
    assembler.load(size, 2, FRAME, Stack.PREFIX + at);
    assembler.branch64(Jump.JNE, 1, { register: 2 }, detached);
  }
  assembler.jump(attached);
  assembler.place(detached);
  assembler.alu32(Alu.MOV, DETACHED, { value: ETHERNET_HEADER_LENGTH });
  for (const [at, size] of HEADER_PARTS) {
    assembler.load(size, 1, FRAME, Stack.HEADER + at);
    assembler.store(size, FRAME, Stack.PREFIX + at, { register: 1 });
  }
  assembler.place(attached);
}

/** IEEE 802.1Q clause 9: between the addresses and the EtherType. */
function emitTag(assembler: Assembler): void {
  const untagged = new Label();
  assembler.load(4, 1, CONTEXT, SKB_CONTEXT.vlanPresent);
  assembler.branch32(Jump.JEQ, 1, { value: 0 }, untagged);
  assembler.alu32(Alu.MOV, TAG, { value: TAG_LENGTH });
  assembler.load(2, 1, FRAME, Stack.PREFIX + ETHER_TYPE);
  assembler.store(2, FRAME, Stack.PREFIX + ETHER_TYPE + TAG_LENGTH, { register: 1 });
  assembler.load(4, 1, CONTEXT, SKB_CONTEXT.vlanProto);
  assembler.store(2, FRAME, Stack.PREFIX + ETHER_TYPE, { register: 1 });
  assembler.load(4, 1, CONTEXT, SKB_CONTEXT.vlanTci);
  assembler.toHostOrder(1, 2);
  assembler.store(2, FRAME, Stack.PREFIX + ETHER_TYPE + 2, { register: 1 });
  assembler.place(untagged);
}

/** What follows the header, as far as the prefix has room and the packet goes. */
function emitPayload(assembler: Assembler): void {
  const done = new Label();
  const tagged = new Label();
  const roomUntagged = PREFIX_LENGTH - ETHERNET_HEADER_LENGTH;
  assembler.load(4, 4, CONTEXT, SKB_CONTEXT.len);
  assembler.alu32(Alu.MOV, 2, { value: ETHERNET_HEADER_LENGTH });
  assembler.alu32(Alu.SUB, 2, { register: DETACHED });
  assembler.branch64(Jump.JLE, 4, { register: 2 }, done);
  assembler.alu64(Alu.SUB, 4, { register: 2 });
  assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
  assembler.alu64(Alu.MOV, 3, { register: FRAME });
  assembler.branch32(Jump.JNE, TAG, { value: 0 }, tagged);
  loadUpTo(assembler, ETHERNET_HEADER_LENGTH, roomUntagged, done);
  assembler.place(tagged);
  loadUpTo(assembler, ETHERNET_HEADER_LENGTH + TAG_LENGTH, roomUntagged - TAG_LENGTH, done);
  assembler.place(done);
}

/** Copies R4 bytes at R2, or as many as there is room for, to the prefix from `at` on. */
function loadUpTo(assembler: Assembler, at: number, room: number, done: Label): void {
  const bounded = new Label();
  assembler.alu64(Alu.ADD, 3, { value: Stack.PREFIX + at });
  assembler.branch64(Jump.JLE, 4, { value: room }, bounded);
  assembler.alu32(Alu.MOV, 4, { value: room });
  assembler.place(bounded);
  assembler.branch64(Jump.JEQ, 4, { value: 0 }, done);
  assembler.callHelper("skb_load_bytes");
  assembler.jump(done);
}

/**
 * Values that are not in the bytes of a packet: fields of the context, with the values that classic BPF gives them
 * (net/core/filter.c).
 */
import { PACKET_OUTGOING, SKB_CONTEXT, XDP_CONTEXT } from "../../../generated/layouts.ts";
import type { AncillaryField } from "../../classic/instruction.ts";
import type { Assembler } from "../assembler.ts";
import type { FilterHook } from "../hook.ts";
import { Alu } from "../opcodes.ts";
import { A, CONTEXT } from "./machine.ts";

/** The fields for which a helper is called. A call loses the packet's addresses. */
export const WITH_HELPER: ReadonlySet<AncillaryField> = new Set(["cpu", "random"]);

/** A <- the field, which the hook must have. */
export function emitAncillary(assembler: Assembler, hook: FilterHook, field: AncillaryField): void {
  const load = (offset: number) => assembler.load(4, A, CONTEXT, offset);
  switch (field) {
    case "protocol":
      load(SKB_CONTEXT.protocol);
      assembler.toHostOrder(A, 2);
      break;
    case "pkttype":
      // Programs at egress see an outgoing packet with the type of an incoming one. tcpdump's filters see it as
      // outgoing.
      if (hook === "tc-egress") assembler.alu32(Alu.MOV, A, { value: PACKET_OUTGOING });
      else load(SKB_CONTEXT.pktType);
      break;
    case "vlan-tpid":
      load(SKB_CONTEXT.vlanProto);
      assembler.toHostOrder(A, 2);
      break;
    case "cpu":
    case "random":
      assembler.callHelper(field === "cpu" ? "get_smp_processor_id" : "get_prandom_u32");
      assembler.alu32(Alu.MOV, A, { register: 0 });
      break;
    default: {
      const offset = hook === "xdp" && field === "ifindex" ? XDP_CONTEXT.ingressIfindex : SKB_FIELDS[field];
      if (offset === undefined) throw new Error(`${field} cannot be told at ${hook}`);
      load(offset);
    }
  }
}

const SKB_FIELDS: Readonly<Partial<Record<AncillaryField, number>>> = {
  ifindex: SKB_CONTEXT.ifindex,
  mark: SKB_CONTEXT.mark,
  queue: SKB_CONTEXT.queueMapping,
  rxhash: SKB_CONTEXT.hash,
  "vlan-tag": SKB_CONTEXT.vlanTci,
  "vlan-tag-present": SKB_CONTEXT.vlanPresent,
};

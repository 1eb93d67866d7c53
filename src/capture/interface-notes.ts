/** Notes about an interface once a capture is attached to it. */
import type { Hook } from "../packets/captured.ts";
import type { CaptureSettings } from "./options.ts";
import type { InterfacePlan } from "./plan.ts";
import { vlanNote } from "./vlan-note.ts";

export function tellOfInterface(settings: CaptureSettings, plan: InterfacePlan, hook: Hook): void {
  const { name, up, driver, takesVlanTagsOut } = plan.target;
  const { onNote, onDetail, wantsVlan } = settings;
  if (takesVlanTagsOut) onDetail(`${name} takes VLAN tags out of frames: XDP does not see them`);
  if (wantsVlan && takesVlanTagsOut && hook.startsWith("xdp")) {
    onNote(`${name} takes VLAN tags out: the filter sees only those left in frames; use \`hook: "tc"\``);
  }
  // veth_xdp_set() of drivers/net/veth.c
  if (driver === "veth" && hook === "xdp-native") {
    onDetail(
      `${name} is a veth: native XDP takes segmentation offload from its other end, which slows TCP; use \`hook: "tc"\``,
    );
  }
  const tags = noteOfTags(settings, plan);
  if (tags !== undefined) onNote(tags);
  if (!up) onNote(`${name} is down: nothing arrives until it is up`);
}

function noteOfTags({ wantsVlan }: CaptureSettings, { target, expression }: InterfacePlan) {
  if (expression === undefined || target.link.linkLayer === "none") return undefined;
  return vlanNote(target.name, expression, wantsVlan);
}

/** How the target answered: of the packets, and of the kernel of the host where it recorded them itself. */
import type { Report } from "../../report.ts";
import { estimated, whole } from "../../words/numbers.ts";
import { html, type Part } from "../html.ts";
import { facts, section } from "../table.ts";

export function targetSideSection({ victim }: Report): Part {
  if (victim === null) return null;
  const { kernel } = victim;
  const known = (count: number | null) => (count === null ? "not known" : whole(count));
  return section(
    "target",
    "The target's side",
    facts([
      ["Packets it sent", whole(victim.replies)],
      ["SYN-ACKs it sent", whole(victim.synAcks)],
      ["RSTs it sent", whole(victim.rsts)],
      ["SYNs sent again, to all targets", estimated(victim.retransmittedSyns)],
      ["Connections half open", kernel && known(kernel.halfOpen)],
      ["SYN cookies sent", kernel && known(kernel.cookiesSent)],
      ["Listen queue overflows", kernel && known(kernel.listenOverflows)],
    ]),
    kernel === null &&
      html`<p>What the kernel of the target counted is known of incidents of <code>ringcap watch</code> only.</p>`,
  );
}

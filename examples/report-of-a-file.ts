/**
 * Says what happened in capture files: a flood or none, of whom, and how sure that is. It needs no privileges.
 *
 *     node examples/report-of-a-file.ts flood.pcap
 */
import { report } from "ringcap";

const files = process.argv.slice(2);

const { verdict, packets, span, top } = await report(files);
console.log(verdict.title);
for (const reason of verdict.reasons) console.log(`  ${reason}`);
console.log(`${packets.matched} packets in ${span?.seconds ?? 0} s`);
for (const { key, packets: sent } of top.sources.entries.slice(0, 5)) console.log(`${key.padEnd(39)} ${sent} packets`);

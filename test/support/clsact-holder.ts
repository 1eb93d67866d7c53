/** The text of a program that attaches the capture program to v0 by clsact, says so, and detaches at the end of stdin. */
const dist = new URL("../../dist/", import.meta.url).href;

export function clsactHolder(runDirectory: string): string {
  return `
    import { ClsactLink } from "${dist}capture/clsact-link.js";
    import { checkOptions } from "${dist}capture/options.js";
    import { CapturePrograms, Rings } from "${dist}capture/programs.js";
    import { listInterfaces } from "${dist}libbpf/system.js";
    const settings = checkOptions({});
    const layout = { timeUnit: 1, withOrigin: false };
    const rings = Rings.create(settings.ringSize);
    const programs = CapturePrograms.load({ ...settings, ...layout }, "ethernet", ["capture_tc_ingress"], rings);
    const { index } = listInterfaces().find(({ name }) => name === "v0");
    const link = new ClsactLink(programs.entryPoint("capture_tc_ingress"), index, false, ${JSON.stringify(runDirectory)});
    console.log("attached", link.interfaceIndex() === index);
    for await (const _ of process.stdin);
    console.log("seen", programs.counters().seen);
    link.close();
  `;
}

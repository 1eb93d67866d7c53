/** What the metrics and the service manager are told of a watch. */
import { HOST_CLOCK, type Recorder, type Watch, type WatchRules, type WatchState } from "../flood/index.ts";
import { ringcapVersion } from "../outputs/index.ts";
import { watchReport } from "./watch-report.ts";

interface Watching {
  readonly watch: Pick<Watch, "counts" | "session" | "interfaces" | "packetsPerSecond">;
  readonly recorder: Recorder;
  /** Undefined before the first capture. */
  readonly rules: WatchRules | undefined;
  readonly onIncidentFailed: number;
}

export function watchState({ watch, recorder, rules, onIncidentFailed }: Watching): WatchState {
  const { history, incident, counts } = recorder;
  const { counters, totals } = watch.counts;
  const { forgotten, ...packets } = watchReport(watch, recorder, 0).packets;
  const gone = counters.sampledOut + counters.rateLimited + counters.ringDropped + counters.overLimit;
  const hooks = new Map(watch.session?.interfaces.map(({ name, hook, index }) => [name, { hook, index }]));
  const drops = watch.session?.interfaceDrops();
  return {
    version: ringcapVersion(),
    totals,
    packetsPerSecond: watch.packetsPerSecond,
    packets,
    forgotten,
    interfaces: watch.interfaces.map(({ name, isCaptured }) => {
      const { hook = "", index = -1 } = hooks.get(name) ?? {};
      return { name, hook, attached: isCaptured, dropped: drops?.get(index) };
    }),
    waiting: Math.max(0, counters.matched - gone - counters.delivered),
    history: {
      bytes: history.bytes,
      limit: history.size,
      seconds: history.reach(HOST_CLOCK.elapsed()),
      wantedSeconds: history.before,
    },
    incidents: counts.incidents,
    ...(incident === undefined
      ? {}
      : { incident: { beganAt: incident.beganAt, packets: incident.packets, bytes: incident.bytes } }),
    usual: rules?.usual(HOST_CLOCK.time()),
    samplingFactor: incident?.policy.oneIn ?? 1,
    onIncidentFailed,
  };
}

/** Returns a line for `systemctl status`. */
export function statusLine({ packetsPerSecond, incidents, incident, interfaces, history }: WatchState): string {
  const gone = interfaces.filter(({ attached }) => !attached).map(({ name }) => name);
  return [
    `${Math.round(packetsPerSecond)} packets/s`,
    incident === undefined
      ? `history of ${Math.round(history.seconds)} s`
      : `incident with ${incident.packets} packets`,
    `${incidents} incidents`,
    ...(gone.length > 0 ? [`waits for ${gone.join(", ")}`] : []),
  ].join(", ");
}

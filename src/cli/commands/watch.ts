import type { RingcapCommand } from "../command.ts";
import { DONE, FLUSHING, NO_COLOR, STOPPING, SUDO, TELLING, USAGE } from "../command-manual.ts";
import { addWatchOptions, type WatchFlags } from "../watch-options.ts";

export const watchCommand: RingcapCommand = {
  name: "watch",
  summary: "keep the last packets in memory, and write them and what follows when a flood begins",
  examples: [
    {
      command:
        "ringcap watch -i eth0 --port 443 --tcp-flags 'syn,!ack' --trigger 20000/s --before 5s -w /var/lib/ringcap",
      comment: "the SYNs of the last 5 seconds, and what follows when they are more than 20000 a second",
    },
    {
      command:
        "ringcap watch -i eth0 -Q inout --trigger 'syn > 5k/s for 2s' --trigger 'syn/synack > 5' -w /var/lib/ringcap",
      comment: "any of two rules begins an incident",
    },
    {
      command: "ringcap watch -i any --trigger '8x above 5000/s' --keep-size 20G --metrics 9477 -w /var/lib/ringcap",
      comment: "what is unusual on all interfaces, within 20 GB of disk, and numbers for Prometheus",
    },
    {
      command: "ringcap watch -i eth0 --config watch.yaml --on-incident /usr/local/bin/tell-the-team -w incidents",
      comment: "the rules are in a file, and a program is told of each incident",
    },
  ],
  manual: {
    description: `Packets that match are kept in bounded memory for some seconds. When a rule of --trigger holds, they are
written, and so is what follows until no rule has held for a while: the incident has what came before the flood, every loss
counted, and a page that says what happened. It runs for months: memory and disk have a stated limit, an interface that goes away
is waited for, and a full disk ends an incident and not the watch.

The filter options and the expression choose the packets that are looked at. Rules look at the counts of all of them in the kernel,
whatever is recorded.`,
    exitStatus: [
      DONE,
      ["1", "Something failed, an incident or a table could not be written, or packets were lost."],
      USAGE,
      ["3", "The file of --config cannot be read or has a mistake."],
    ],
    signals: [
      STOPPING,
      ["SIGHUP", "The file of --config is read again: its triggers, after and max are taken over."],
      TELLING,
      FLUSHING,
    ],
    environment: [
      NO_COLOR,
      SUDO,
      [
        "NOTIFY_SOCKET, WATCHDOG_USEC",
        "Set by systemd(1) for services of Type=notify, which are told of the start and of progress.",
      ],
      ["JOURNAL_STREAM", "Where standard error is the journal, each line has its priority."],
    ],
    files: [
      ["DIRECTORY/<UTC>-<rule>/capture.pcapng", "The packets of an incident."],
      ["DIRECTORY/<UTC>-<rule>/incident.json", "What triggered, when, and what became of each packet."],
      ["DIRECTORY/<UTC>-<rule>/report.html, report.json", "What happened, as ringcap-report(1) says it."],
      ["DIRECTORY/table=<name>/date=<day>/host=<name>/<UTC>.parquet", "The tables of --parquet."],
      ["DIRECTORY/usual-rates.json", "How much traffic is usual in each hour of the week."],
    ],
    seeAlso: ["report", "top", "query", "capture", "systemd.service(5)"],
  },
  addOptions: addWatchOptions,
  async run(expression: string[], flags: WatchFlags) {
    const { runWatch } = await import("../watch-command.ts");
    return runWatch(expression, flags);
  },
};

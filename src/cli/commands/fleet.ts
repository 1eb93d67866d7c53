import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, FAILED, NO_COLOR, SUDO, USAGE } from "../command-manual.ts";
import { addFleetFollowOptions, type FleetFollowFlags } from "../fleet-follow-options.ts";

const follow: RingcapCommand = {
  name: "follow",
  summary: "show which hosts are hit now, and keep the events for questions",
  examples: [
    { command: "ringcap fleet follow nats://events.example.net", comment: "a table of the hosts that are hit" },
    {
      command: "ringcap fleet follow nats://events.example.net --to /srv/fleet",
      comment: "and the events as tables for ringcap query",
    },
    {
      command: "ringcap fleet follow tls://events.example.net --creds reader.creds --json --since 1h",
      comment: "the events of the last hour and all that come, as JSON",
    },
    {
      command: "ringcap fleet follow nats://a.example.net,nats://b.example.net | tee -a floods.log",
      comment: "a line for what begins and ends; two servers of a cluster",
    },
  ],
  notes: "In a terminal, q ends it.",
  manual: {
    description: `The table has a row for each host with an incident that runs: since when, the packets of the last second and of the incident, how many were
lost for want of room, the heaviest source, what is hit, and the rule that held. Below it are the hosts whose health was not heard for 150 s, those of
which nothing is known, those whose watch was stopped, and the quiet ones. Without a terminal, what begins and ends is a line each.

Servers that go away are waited for. An event that comes again is left out, and what is no event is counted.`,
    exitStatus: [DONE, FAILED, USAGE, BAD_INPUT],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The events so far are written to --to, and the command ends."]],
    files: [
      ["events-STREAM.json", "In the directory of --to: up to where it has the events of the stream."],
      ["events-STREAM.lock", "Keeps a second command from writing there."],
    ],
    environment: [SUDO, NO_COLOR],
    seeAlso: ["query", "watch"],
  },
  addOptions: addFleetFollowOptions,
  async run(servers: string, flags: FleetFollowFlags) {
    const { runFleetFollow } = await import("../fleet-follow-command.ts");
    return runFleetFollow(servers, flags);
  },
};

export const fleetCommand: RingcapCommand = {
  name: "fleet",
  summary: "the events of many hosts, which their watches publish",
  examples: follow.examples,
  manual: {
    description: "The commands of many hosts: docs/fleet.md of the package has what they promise.",
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["watch", "query"],
  },
  commands: [follow],
};

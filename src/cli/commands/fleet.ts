import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, FAILED, NO_COLOR, SUDO, USAGE } from "../command-manual.ts";
import {
  addFleetFetchOptions,
  addFleetUploadOptions,
  type FleetFetchFlags,
  type FleetUploadFlags,
} from "../fleet-evidence-options.ts";
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

const fetch: RingcapCommand = {
  name: "fetch",
  summary: "bring an incident of a host back from the object store",
  examples: [
    {
      command: "ringcap fleet fetch nats://events.example.net 20261128T144309Z-20000-s",
      comment: "makes a directory of that name here",
    },
    {
      command: "ringcap fleet fetch nats://events.example.net web1/20261128T144309Z-20000-s --to evidence",
      comment: "that of one host, into a directory",
    },
    {
      command: "ringcap fleet fetch tls://events.example.net --creds reader.creds web1/20261128T144309Z-20000-s",
      comment: "from a server that wants to know who asks",
    },
    {
      command: "ringcap fleet fetch nats://a.example.net,nats://b.example.net web1/20261128T144309Z-20000-s -q",
      comment: "two servers of a cluster, and no messages but warnings",
    },
  ],
  manual: {
    description: `The files are those that the host had, byte for byte: each part has the digest that the list of the incident says. The directory is called
NAME.partial until it is whole. Names and sizes are checked before anything is written. A server that goes away is waited for.`,
    exitStatus: [
      DONE,
      FAILED,
      USAGE,
      [BAD_INPUT[0], "The store does not have the incident, or not what its list says."],
    ],
    signals: [["SIGINT, SIGTERM, SIGHUP", "What was fetched is removed, and the command ends."]],
    environment: [SUDO],
    seeAlso: ["fleet-follow", "fleet-upload", "report"],
  },
  addOptions: addFleetFetchOptions,
  async run(servers: string, incident: string, flags: FleetFetchFlags) {
    const { runFleetFetch } = await import("../fleet-evidence-commands.ts");
    return runFleetFetch(servers, incident, flags);
  },
};

const upload: RingcapCommand = {
  name: "upload",
  summary: "put incidents into the object store, from where others fetch them",
  examples: [
    {
      command: "ringcap fleet upload nats://events.example.net incidents/20261128T144309Z-20000-s",
      comment: "an incident of ringcap watch",
    },
    {
      command: "ringcap fleet upload nats://events.example.net --upload-rate 1M incidents/2026*Z-*",
      comment: "all of a year, with a million bytes a second",
    },
    {
      command: "ringcap fleet upload nats://events.example.net --host web1 web1/20261128T144309Z-20000-s",
      comment: "of another host",
    },
    {
      command: "ringcap fleet upload tls://events.example.net --creds host.creds incidents/20261128T144309Z-20000-s",
      comment: "to a server that wants to know who sends",
    },
  ],
  manual: {
    description: `Files and parts of files that the store has already are not sent again, so that the command goes on where it was ended. The bucket
RINGCAP-EVIDENCE is made where it is not there: files are kept for 30 days, 10 GiB at most. Symbolic links are not followed.`,
    exitStatus: [DONE, FAILED, USAGE, BAD_INPUT],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The command ends. What was sent stays, and is not sent again."]],
    environment: [SUDO],
    seeAlso: ["fleet-fetch", "watch"],
  },
  addOptions: addFleetUploadOptions,
  async run(servers: string, directories: string[], flags: FleetUploadFlags) {
    const { runFleetUpload } = await import("../fleet-evidence-commands.ts");
    return runFleetUpload(servers, directories, flags);
  },
};

const ship: RingcapCommand = {
  name: "ship",
  isHidden: true,
  summary: "what watch --publish starts, which keeps events until a server has them; not to be typed",
  examples: [],
  manual: {
    description: "Standard input has the settings on its first line, and then an event on each line.",
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["watch"],
  },
  async run() {
    const { runFleetShip } = await import("../fleet-ship-command.ts");
    return runFleetShip();
  },
};

const store: RingcapCommand = {
  name: "store",
  isHidden: true,
  summary: "what watch --upload starts, which puts incidents into the object store; not to be typed",
  examples: [],
  manual: {
    description: "Standard input has the settings on its first line, and then a directory on each line.",
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["watch"],
  },
  async run() {
    const { runFleetStore } = await import("../fleet-store-command.ts");
    return runFleetStore();
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
  commands: [follow, fetch, upload, ship, store],
};

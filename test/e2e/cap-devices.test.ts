/** Devices of programs that were written for npm's `cap`: listed, opened, closed and opened again. */
import { expect, test } from "vitest";
import { startCapProgram } from "../support/cap-programs.ts";
import { ethernet, ipv4, udp, zeros } from "../support/frames.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "editcap", "capinfos"),
];

describeWith(needed, "a device of npm's cap", () => {
  test("lists the devices and finds them by address, as ip has them", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    const program = startCapProgram(
      network,
      `
      const { Cap, findDevice, deviceList } = require("ringcap/cap");
      const found = [[], ["192.0.2.12"], ["2001:db8::12"], ["192.0.2.99"]].map((args) => Cap.findDevice(...args) ?? null);
      let refused;
      try { findDevice(undefined); } catch (error) { refused = String(error); }
      const same = Cap.findDevice === findDevice && Cap.deviceList === deviceList;
      console.log(JSON.stringify({ found, refused, same, devices: Cap.deviceList() }));`,
    );
    const { devices, ...others } = JSON.parse(await program.line());
    expect(others).toEqual({
      found: ["v0", "v0", "v0", null],
      refused: "TypeError: Expected string for IP",
      same: true,
    });
    expect(devices).toContainEqual({
      name: "v0",
      addresses: [
        expect.objectContaining({ addr: "192.0.2.12", netmask: "255.255.255.0" }),
        expect.objectContaining({ addr: "2001:db8::12", netmask: "ffff:ffff:ffff:ffff::" }),
      ],
    });
    expect(devices).toContainEqual({ name: "lo", addresses: [], flags: "PCAP_IF_LOOPBACK" });
    expect((await program.ended()).code).toBe(0);
  });

  test("is opened again, closed in a handler and in a worker, and told what it did wrong", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("b", "tun0");
    const program = startCapProgram(
      network,
      `
      const { Worker, isMainThread, parentPort } = require("node:worker_threads");
      const { Cap } = require("ringcap/cap");
      const capture = new Cap();
      const open = (buffer) => capture.open("v0", "udp", 0, buffer);
      const failures = [
        () => new Cap().send(Buffer.alloc(60)),
        () => new Cap().open("v7", "", 0, Buffer.alloc(60)),
        () => new Cap().open("lo", "", 0, Buffer.alloc(60)),
        () => new Cap().open("v0", "tcp foo", 0, Buffer.alloc(60)),
        () => capture.send(Buffer.alloc(10_000)),
      ];
      const attempt = (action) => { try { return action() ?? "nothing"; } catch (error) { return error.message.split("\\n")[0]; } };
      if (isMainThread) {
        const states = [capture.close(), open(Buffer.alloc(100)), open(Buffer.alloc(60)), capture.setMinBytes(0)];
        const others = ["tun0", "any"].map((device) => {
          const other = new Cap();
          states.push(other.open(device, "", 0, Buffer.alloc(60)));
          return other;
        });
        states.push(attempt(() => others[1].send(Buffer.alloc(60))), ...others.map((other) => other.close()));
        const small = new Cap();
        small.open("any", "udp", 0, Buffer.alloc(8));
        const { once } = require("node:events");
        const ofSmall = once(small, "packet");
        const lost = new Uint8Array(100), gone = new Cap();
        gone.open("v0", "udp", 0, lost);
        structuredClone(lost.buffer, { transfer: [lost.buffer] });
        const ofGone = once(gone, "error");
        console.log(JSON.stringify([states, failures.map(attempt)]));
        capture.once("packet", async (nbytes) => {
          console.log(JSON.stringify([nbytes, capture.close(), capture.close()]));
          console.log(JSON.stringify([...(await ofSmall), small.close()]));
          console.log(JSON.stringify([(await ofGone)[0].message, gone.close()]));
          open(Buffer.alloc(50));
          capture.once("packet", (...args) => {
            console.log(JSON.stringify([...args, capture.close()]));
            new Worker(__filename).on("message", (message) => console.log(message)).on("exit", () => process.exit(0));
          });
          console.log("open again");
        });
      } else {
        open(Buffer.alloc(65535));
        capture.on("packet", (nbytes, truncated) => parentPort.postMessage(JSON.stringify([nbytes, truncated, capture.close()])));
        parentPort.postMessage("open");
      }`,
    );
    const [states, failures] = JSON.parse(await program.line());
    expect(states.slice(0, 4)).toEqual([false, "ETHERNET", "ETHERNET", null]);
    const noFrame = "send a frame: all interfaces together send none";
    expect(states.slice(4)).toEqual(["RAW", "LINKTYPE_LINUX_SLL", noFrame, true, true]);
    expect(failures).toEqual([
      "Not currently capturing/open",
      "open v7: there is no such interface",
      "open lo: it is down",
      expect.stringContaining("syntax error"),
      expect.stringContaining("EMSGSIZE"),
    ]);
    const datagrams = [1, 2, 3].map(() => ethernet({ payload: ipv4({ payload: udp({ payload: zeros(30) }) }) }));
    await network.sendFrames(datagrams);
    expect(JSON.parse(await program.line())).toEqual([60, true, false]);
    expect(JSON.parse(await program.line())).toEqual([8, true, true]);
    expect(JSON.parse(await program.line())).toEqual(["the buffer for packets was handed to another thread", false]);
    expect(await program.line()).toBe("open again");
    await network.sendFrames(datagrams);
    expect(JSON.parse(await program.line())).toEqual([50, true, true]);
    expect(await program.line()).toBe("open");
    await network.sendFrames(datagrams);
    expect(JSON.parse(await program.line())).toEqual([72, false, true]);
    expect(await program.ended()).toEqual({ lines: [], stderr: "", code: 0 });
  });
});

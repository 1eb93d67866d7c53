// What npm's `cap`, or what takes its place, says to wrong arguments, of the devices, and of decoders and protocols:
//
//   node misuse.cjs <package> <device that is up> <device that is down> <address>
const [, , name = "", device = "", down = "", address = ""] = process.argv;
const { Cap, decoders, findDevice, deviceList } = require(name);

/** @param {() => unknown} action */
function outcome(action) {
  try {
    return { value: action() };
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: error };
    // The words of libpcap are not its successor's. Those of a TypeError are.
    return error instanceof TypeError ? { error: `${error}` } : { error: "Error" };
  }
}

const buffer = Buffer.alloc(100);
const open = (/** @type {unknown[]} */ ...args) => {
  const capture = new Cap();
  const type = capture.open(...args);
  capture.close();
  return type;
};
/** An object whose capture goes on. */
const opened = new Cap();
opened.open(device, "", 1 << 20, buffer);
/** @type {Record<string, () => unknown>} */
const actions = {
  "open()": () => open(),
  "open of three": () => open(device, "", 1 << 20),
  "open of no device": () => open(undefined, "", 1 << 20, buffer),
  "open of no filter": () => open(device, null, 1 << 20, buffer),
  "open of a negative size": () => open(device, "", -1, buffer),
  "open of half a byte": () => open(device, "", 0.5, buffer),
  "open of a size beyond": () => open(device, "", 2 ** 32, buffer),
  "open of no buffer": () => open(device, "", 1 << 20, "buffer"),
  "open of an array buffer": () => open(device, "", 1 << 20, new ArrayBuffer(100)),
  "open with a view": () => open(device, "", 1 << 20, new Uint16Array(50)),
  "open with a size of 0": () => open(device, "", 0, buffer),
  "open with an empty buffer": () => open(device, "", 1 << 20, Buffer.alloc(0)),
  "open of a device that is not there": () => open("nothing0", "", 1 << 20, buffer),
  "open of a device that is down": () => open(down, "", 1 << 20, buffer),
  "open of every device": () => open("any", "", 1 << 20, buffer),
  "open of the loopback device": () => open("lo", "", 1 << 20, buffer),
  "open with a filter that is none": () => open(device, "tcp foo", 1 << 20, buffer),
  "close of what is not open": () => new Cap().close(),
  "send()": () => opened.send(),
  "send of no buffer": () => opened.send("frame"),
  "send of no length": () => opened.send(buffer, undefined),
  "send of more than there is": () => opened.send(buffer, 101),
  "send of more than the link takes": () => opened.send(Buffer.alloc(20_000)),
  "send of nothing": () => opened.send(buffer, 0),
  "send of a frame": () => opened.send(buffer, 60),
  "the devices": () => deviceList(),
  "the devices by the class": () => Cap.deviceList(),
  "a device": () => findDevice(),
  "a device by the class": () => Cap.findDevice(),
  "a device by its address": () => findDevice(address),
  "a device by an address that none has": () => findDevice("203.0.113.7"),
  "a device by nothing": () => findDevice(undefined),
  "protocols by name and number": () => decoders.PROTOCOL,
  "names of the decoders": () =>
    Object.keys(decoders)
      .filter((key) => key !== "default")
      .sort(),
  "close of what is open": () => opened.close(),
  "close of what is closed": () => opened.close(),
};
const outcomes = Object.entries(actions).map(([title, action]) => [title, outcome(action)]);
process.stdout.write(
  `${JSON.stringify(outcomes, (_key, value) => (value === undefined ? "(undefined)" : value), 1)}\n`,
);

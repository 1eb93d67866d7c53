// What a program of npm's `cap` does in a flood, with that package or with what takes its place:
//
//   node bench/lib/cap-flood.cjs <package> counts|decodes <expression>
const [, , name = "", work = "", expression = ""] = process.argv;
const { Cap, decoders } = require(name);
const { PROTOCOL } = decoders;

const capture = new Cap();
const buffer = Buffer.alloc(65_535);
let delivered = 0;
let ports = 0;

function decode() {
  const link = decoders.Ethernet(buffer);
  if (link.info.type !== PROTOCOL.ETHERNET.IPV4) return;
  const network = decoders.IPV4(buffer, link.offset);
  if (network.info.protocol === PROTOCOL.IP.TCP) ports += decoders.TCP(buffer, network.offset).info.srcport;
}

capture.open("v0", expression, 10 * 1024 * 1024, buffer);
capture.on("packet", () => {
  delivered++;
  if (work === "decodes") decode();
});
const tell = () => process.stdout.write(`delivered ${delivered} ${ports}\n`);
process.on("SIGUSR2", tell);
process.on("SIGINT", () => {
  tell();
  process.exit(0);
});
process.stdout.write("open\n");

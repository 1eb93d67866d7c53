/** Prints all that the stream RINGCAP of a server has, as JSON: `node stored-events.mjs URL TOKEN`. */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const [servers = "", token = ""] = process.argv.slice(2);
const connection = await connect({ servers, token });
const { streams } = await jetstreamManager(connection);
const { state } = await streams.info("RINGCAP");
const found = [];
for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
  const message = await streams.getMessage("RINGCAP", { seq });
  if (message !== null) found.push({ subject: message.subject, event: message.json() });
}
process.stdout.write(JSON.stringify(found));
await connection.close();

import { expect, test } from "vitest";
import { closings, collect, connectTimes, listen, open } from "../support/followed-connections.ts";
import { describeWith, requirements } from "../support/privileges.ts";

describeWith(requirements.bpf, "a session that follows connections", () => {
  test("tells every change of state in order, with events", async () => {
    const { server, port } = await listen("::1");
    const session = open({ port, events: true });
    const events = collect(session);
    await connectTimes(server, port, 1);
    await closings(session, 2);
    await session.stop();
    const told = await events;
    const types = (role: string) => told.filter((event) => event.role === role).map(({ type }) => type);
    expect(types("client")).toEqual(["syn-sent", "established", "fin-wait-1", "fin-wait-2", "close"]);
    expect(types("server")).toEqual(["syn-received", "established", "accept", "close-wait", "last-ack", "close"]);
  });
});

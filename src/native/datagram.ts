/** Datagrams to local sockets. */
import { addon } from "./addon.ts";

/**
 * Sends one datagram to a local socket, without waiting.
 *
 * @param address the path of the socket, or "@" and its name in the abstract namespace (unix(7))
 * @throws a system failure: EAGAIN where the receiver has no room, ENOENT or ECONNREFUSED where there is none
 */
export function sendDatagram(address: string, message: string): void {
  const name = Buffer.from(address);
  if (address.startsWith("@")) name[0] = 0;
  addon().sendDatagram(name, Buffer.from(message));
}

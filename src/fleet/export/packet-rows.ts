/** The rows of the packets table that become a row group: one array for each column, filled from the arrays of the analysis. */
import type { HeaderColumns } from "../../report/analysis/header-columns.ts";
import { PACKET_CLASSES } from "../../report/values.ts";
import { AddressRows } from "../parquet/address-rows.ts";
import type { EncodedColumn } from "../parquet/chunk.ts";
import type { ParquetLibrary } from "../parquet/library.ts";
import { NumberRows } from "../parquet/number-rows.ts";
import { TextRows } from "../parquet/text-rows.ts";
import { TimeRows } from "../parquet/time-rows.ts";
import type { Presence } from "./presence.ts";

const REQUIRED = false;
const NULLABLE = true;

export class PacketRows {
  readonly #most: number;
  readonly #time: TimeRows;
  readonly #interface: TextRows;
  readonly #length: NumberRows;
  readonly #captured: NumberRows;
  readonly #class: TextRows;
  readonly #ipVersion: NumberRows;
  readonly #source: AddressRows;
  readonly #destination: AddressRows;
  readonly #protocol: NumberRows;
  readonly #ttl: NumberRows;
  readonly #ipId: NumberRows;
  readonly #sourcePort: NumberRows;
  readonly #destinationPort: NumberRows;
  readonly #tcpFlags: NumberRows;
  readonly #tcpSequence: NumberRows;
  readonly #tcpAcknowledgement: NumberRows;
  readonly #tcpWindow: NumberRows;
  readonly #icmpType: NumberRows;
  readonly #icmpCode: NumberRows;
  readonly #payload: NumberRows;
  readonly #malformed: NumberRows;
  count = 0;

  /** @param most rows of a row group */
  constructor(most: number) {
    const numbers = (isNullable = NULLABLE) => new NumberRows(most, isNullable);
    this.#most = most;
    this.#time = new TimeRows(most);
    this.#interface = new TextRows(most, NULLABLE);
    this.#length = numbers(REQUIRED);
    this.#captured = numbers(REQUIRED);
    this.#class = new TextRows(most, REQUIRED);
    this.#ipVersion = numbers();
    this.#source = new AddressRows(most);
    this.#destination = new AddressRows(most);
    this.#protocol = numbers();
    this.#ttl = numbers();
    this.#ipId = numbers();
    this.#sourcePort = numbers();
    this.#destinationPort = numbers();
    this.#tcpFlags = numbers();
    this.#tcpSequence = numbers();
    this.#tcpAcknowledgement = numbers();
    this.#tcpWindow = numbers();
    this.#icmpType = numbers();
    this.#icmpCode = numbers();
    this.#payload = numbers();
    this.#malformed = numbers(REQUIRED);
  }

  /** How many more rows there is room for. */
  get room(): number {
    return this.#most - this.count;
  }

  /** Adds the packets from one place of the columns up to another one. @param interfaces the name of each packet's interface */
  add(
    columns: HeaderColumns,
    presence: Presence,
    interfaces: readonly (string | undefined)[],
    from: number,
    to: number,
  ): void {
    const { hasIp, isIpv4, hasPorts, isTcp, isIcmp, hasPayload } = presence;
    for (let index = from; index < to; index++) {
      this.#time.add(columns.hasTime[index] === 1, columns.seconds[index] ?? 0, columns.nanoseconds[index] ?? 0);
      this.#interface.add(interfaces[index]);
      this.#class.add(PACKET_CLASSES[columns.packetClass[index] ?? 0]);
    }
    this.#length.addAll(columns.originalLength, from, to);
    this.#captured.addAll(columns.capturedLength, from, to);
    this.#ipVersion.addWhere(columns.ipVersion, hasIp, from, to);
    this.#source.addWhere(columns.source, columns.sourceHash, hasIp, from, to);
    this.#destination.addWhere(columns.destination, columns.destinationHash, hasIp, from, to);
    this.#protocol.addWhere(columns.protocol, hasIp, from, to);
    this.#ttl.addWhere(columns.ttl, hasIp, from, to);
    this.#ipId.addWhere(columns.ipId, isIpv4, from, to);
    this.#sourcePort.addWhere(columns.sourcePort, hasPorts, from, to);
    this.#destinationPort.addWhere(columns.destinationPort, hasPorts, from, to);
    this.#tcpFlags.addWhere(columns.tcpFlags, isTcp, from, to);
    this.#tcpSequence.addWhere(columns.sequence, isTcp, from, to);
    this.#tcpAcknowledgement.addWhere(columns.acknowledgement, isTcp, from, to);
    this.#tcpWindow.addWhere(columns.window, isTcp, from, to);
    this.#icmpType.addWhere(columns.icmpType, isIcmp, from, to);
    this.#icmpCode.addWhere(columns.icmpCode, isIcmp, from, to);
    this.#payload.addWhere(columns.payloadLength, hasPayload, from, to);
    this.#malformed.addAll(columns.isMalformed, from, to);
    this.count += to - from;
  }

  /** Returns the columns in the order of the table, and forgets the rows. */
  encode(library: ParquetLibrary): { readonly columns: readonly EncodedColumn[]; readonly isInOrderOfTime: boolean } {
    this.count = 0;
    const columns = [
      this.#time,
      this.#interface,
      this.#length,
      this.#captured,
      this.#class,
      this.#ipVersion,
      this.#source,
      this.#destination,
      this.#protocol,
      this.#ttl,
      this.#ipId,
      this.#sourcePort,
      this.#destinationPort,
      this.#tcpFlags,
      this.#tcpSequence,
      this.#tcpAcknowledgement,
      this.#tcpWindow,
      this.#icmpType,
      this.#icmpCode,
      this.#payload,
      this.#malformed,
    ].map((rows) => rows.encode(library));
    return { columns, isInOrderOfTime: this.#time.isAscending };
  }
}

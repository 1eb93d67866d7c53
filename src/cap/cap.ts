/** The class of npm's `cap`: a device that is captured from, and that frames are sent through. */
import { EventEmitter } from "node:events";
import { checkLength, checkMinBytes, checkOpen, NOT_OPEN } from "./arguments.ts";
import { deviceList, findDevice } from "./devices.ts";
import { OpenDevice } from "./open-device.ts";

export interface CapEvents {
  /**
   * A packet is in the buffer, until the next one is.
   *
   * `nbytes`: the bytes of it in the buffer. `truncated`: whether the buffer has no room for the rest.
   */
  packet: [nbytes: number, truncated: boolean];
  /** The capture has ended by itself, as when the interface went away. Without a listener it is an uncaught exception. */
  error: [error: Error];
  /** What is worth knowing and is no error, such as the hook that the packets are taken at. */
  note: [note: string];
}

/** A device that is captured from, and that frames are sent through, with the interface of npm's `cap`. */
export class Cap extends EventEmitter<CapEvents> {
  /** Finds a device by one of its addresses. */
  static readonly findDevice = findDevice;
  /** Lists the devices. */
  static readonly deviceList = deviceList;
  #device: OpenDevice | undefined;
  #last: OpenDevice | undefined;

  /**
   * Opens a device and starts to capture, in both directions and promiscuously. A device that is open is closed first.
   *
   * @param device the name of an interface that is up; undefined, as of `findDevice()` that has found none, is a TypeError
   * @param filter pcap-filter(7); empty: every packet
   * @param bufSize bytes of the kernel's buffer, which all CPUs share
   * @param buffer takes each packet in turn. Packets are cut to its length, and to 65,535 bytes
   * @returns the link type: "ETHERNET" or "RAW"
   * @throws TypeError for arguments of other types; RingcapError USAGE for a filter that libpcap does not understand,
   *   INTERFACE, PRIVILEGE, KERNEL or INSTALLATION
   */
  open(device: string | undefined, filter: string, bufSize: number, buffer: NodeJS.ArrayBufferView): string;
  open(...args: unknown[]): string {
    this.close();
    const settings = checkOpen(args);
    const opened = new OpenDevice(settings, {
      onPacket: (nbytes, truncated) => this.emit("packet", nbytes, truncated),
      onNote: (note) => this.emit("note", note),
      onEnd: (error) => this.#end(opened, error),
    });
    this.#device = opened;
    this.#last = opened;
    return opened.linkType;
  }

  /** Stops capturing, also from within the handler of a packet: it was the last one then. @returns whether it was open */
  close(): boolean {
    const device = this.#device;
    this.#device = undefined;
    return device?.close() ?? false;
  }

  /**
   * Sends a frame through the device that is open. The capture does not see it.
   *
   * @param length bytes of the buffer that are the frame; default: all
   * @throws TypeError for arguments of other types; RingcapError PRIVILEGE or KERNEL when the kernel refuses; Error
   *   when nothing is open
   */
  send(buffer: NodeJS.ArrayBufferView, length?: number): void;
  send(...args: unknown[]): void {
    const frame = checkLength(args);
    if (this.#device === undefined) throw new Error(NOT_OPEN);
    this.#device.send(frame);
  }

  /** On Windows, the bytes that npm's `cap` waits for. Here it checks its argument and does nothing else. */
  setMinBytes(bytes: number): void;
  setMinBytes(...args: unknown[]): void {
    checkMinBytes(args);
    if (this.#device === undefined) throw new Error(NOT_OPEN);
  }

  /** When the packet in the buffer was captured, in nanoseconds since the epoch; undefined before the first packet. */
  get timestamp(): bigint | undefined {
    return this.#last?.timestamp;
  }

  /** The bytes of the packet in the buffer as it was on the wire; undefined before the first packet. */
  get originalLength(): number | undefined {
    return this.#last?.originalLength;
  }

  #end(device: OpenDevice, error: Error): void {
    if (this.#device !== device) return;
    this.#device = undefined;
    this.emit("error", error);
  }
}

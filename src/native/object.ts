/** BPF object files of this package: open, set constants, load, take maps and programs out. */
import { readFileSync } from "node:fs";
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";
import { addon, type NativeObject } from "./addon.ts";
import { BpfMap } from "./map.ts";
import { BpfProgram } from "./program.ts";

/** A BPF object: opened, then configured, then loaded. Closing it leaves the maps and programs taken out usable. */
export class BpfObject implements Disposable {
  readonly #object: NativeObject;

  /** @throws a system failure for bytes that are no BPF object */
  constructor(bytes: Uint8Array, name: string) {
    this.#object = new (addon().BpfObject)(bytes, name);
  }

  /**
   * Opens dist/bpf/<name>.bpf.o.
   *
   * @throws RingcapError INSTALLATION when the file is missing
   */
  static openBuiltIn(name: string): BpfObject {
    const file = new URL(`../../dist/bpf/${name}.bpf.o`, import.meta.url);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      const operation = "open the BPF object";
      if (errnoOf(error) !== "ENOENT") throw error;
      throw new RingcapError(`${operation}: ${reasonOf(error)}`, {
        code: "INSTALLATION",
        operation,
        hint: "in a clone run `npm run setup`; otherwise install the package again",
        cause: error,
      });
    }
    return new BpfObject(bytes, name);
  }

  /** The initial value of a global variable of the program; the size must be that of the variable. */
  setVariable(name: string, value: Uint8Array): void {
    this.#object.setVariable(name, value);
  }

  /** A global variable of four bytes. */
  setUnsigned32(name: string, value: number): void {
    this.setVariable(name, new Uint8Array(Uint32Array.of(value).buffer));
  }

  /** A global variable of one byte. */
  setUnsigned8(name: string, value: number): void {
    this.setVariable(name, Uint8Array.of(value));
  }

  /** The number of entries of a map, before loading. */
  setMaxEntries(map: string, entries: number): void {
    this.#object.setMaxEntries(map, entries);
  }

  /** The size of the values of a map, before loading. */
  setValueSize(map: string, bytes: number): void {
    this.#object.setValueSize(map, bytes);
  }

  /** Before loading: a map that is there takes the place of the one that the object describes. */
  reuseMap(name: string, existing: BpfMap): void {
    this.#object.reuseMap(name, existing.descriptor);
  }

  /** The size of values of the maps in a map of maps, before loading. */
  setInnerValueSize(map: string, bytes: number): void {
    this.#object.setInnerValueSize(map, bytes);
  }

  /** Whether load() loads the program; all are loaded unless said otherwise. */
  setAutoload(program: string, autoload: boolean): void {
    this.#object.setAutoload(program, autoload);
  }

  /** BPF_F_* with which load() loads the program. */
  setProgramFlags(program: string, flags: number): void {
    this.#object.setProgramFlags(program, flags);
  }

  /** Begins with load() in another thread, because the verifier may take its time. */
  startLoading(): void {
    this.#object.startLoading();
  }

  /** Hands maps and programs to the kernel. @throws a system failure with the verifier's log */
  load(): void {
    this.#object.load();
  }

  map(name: string): BpfMap {
    return new BpfMap(this.#object.map(name));
  }

  program(name: string): BpfProgram {
    return new BpfProgram(this.#object.program(name));
  }

  close(): void {
    this.#object.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

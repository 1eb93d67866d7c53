/** A descriptor owned by a JavaScript object; `fd` is -1 once it is closed. */
export interface Descriptor {
  readonly fd: number;
  close(): void;
}

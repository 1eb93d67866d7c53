/** Turns fields of a view from big-endian to little-endian in place. */

export function swap16(view: DataView, at: number): void {
  view.setUint16(at, view.getUint16(at, false), true);
}

export function swap32(view: DataView, at: number): void {
  view.setUint32(at, view.getUint32(at, false), true);
}

export function swap64(view: DataView, at: number): void {
  const high = view.getUint32(at, false);
  view.setUint32(at, view.getUint32(at + 4, false), true);
  view.setUint32(at + 4, high, true);
}

import { expect, test, vi } from "vitest";
import { ReadPlace } from "../../../../src/fleet/follow/read-place.ts";

/** A place behind the tenth message, each of which was heard in the millisecond of its number. */
function placeBehindTen(again: number) {
  const position = { created: "a", sequence: 10, heard: 10 };
  const onLoss = vi.fn();
  const place = new ReadPlace(position, again, onLoss);
  return { place, onLoss, position, take: (sequence: number, heard: number) => place.take("a", sequence, heard) };
}

test("what is in front of the place comes again at the start, and is known from the first new message on", () => {
  const { place, position, take, onLoss } = placeBehindTen(3);
  expect(place.next(position, 12)).toBe(8);
  expect([take(8, 8), take(10, 10), take(11, 11), take(10, 10)]).toEqual(["again", "again", "new", "known"]);
  expect(place.position).toEqual({ created: "a", sequence: 11, heard: 11 });
  expect(onLoss).not.toHaveBeenCalled();
});

test("a number that was given again shows that others in front of it were passed over, which are read then", () => {
  const { place, position, take, onLoss } = placeBehindTen(0);
  take(11, 11);
  expect(place.next({ ...position, sequence: 11 }, 20)).toBe(11);
  expect(take(11, 31)).toBe("passed over");
  expect(place.next({ ...position, sequence: 11 }, 20)).toBe(1);
  expect([take(5, 5), take(6, 26), take(7, 27), take(11, 31)]).toEqual(["known", "new", "new", "new"]);
  expect(onLoss).toHaveBeenCalledOnce();
});

test("a stream that is shorter than the place is read from far in front of it", () => {
  const { place, position, take, onLoss } = placeBehindTen(3);
  expect(place.next(position, 5)).toBe(3);
  expect([take(5, 5), take(6, 26), take(7, 27)]).toEqual(["again", "new", "new"]);
  expect(onLoss).toHaveBeenCalledOnce();
});

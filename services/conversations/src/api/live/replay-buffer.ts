import type { Entry } from "./entry.ts";
import { comparePositions, type Position } from "@fio/contracts";

/** The latest entries, from which a client that was away for moments catches up without Redis. */
export type ReplayBuffer = {
  add: (entry: Entry) => void;
  /** Every entry after this place, oldest first; `null` when some of them are not kept, or the place is not reached yet. */
  after: (place: Position) => Entry[] | null;
  /** Forgets all: what follows comes after `place`. */
  restart: (place: Position) => void;
};

export function createReplayBuffer({ most, mostBytes }: { most: number; mostBytes: number }): ReplayBuffer {
  let entries: Entry[] = [];
  let size = 0;
  /** Every entry after it is here. */
  let floor: Position | null = null;
  let last: Position | null = null;

  const dropOldest = (): void => {
    let count = 0;
    while (count < entries.length && (entries.length - count > most || size > mostBytes)) {
      size -= entries[count]?.size ?? 0;
      floor = entries[count]?.position ?? floor;
      count += 1;
    }
    entries = entries.slice(count);
  };
  return {
    add: (entry) => {
      entries.push(entry);
      size += entry.size;
      last = entry.position;
      // Not one by one: moving the rest costs as much for many as for one.
      if (entries.length > most * 1.25 || size > mostBytes * 1.25) dropOldest();
    },
    after: (place) => {
      if (floor === null || last === null) return null;
      if (comparePositions(place, floor) < 0 || comparePositions(place, last) > 0) return null;
      return entries.filter(({ position }) => comparePositions(position, place) > 0);
    },
    restart: (place) => {
      entries = [];
      size = 0;
      floor = last = place;
    },
  };
}

/** The memory of a search: once it is reserved, no growth may move it, for other threads hold it too. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { leastOfBlock, Store } from "../../checker/explore/store.ts";
import { runs } from "../runs.ts";

test("what is reserved has room for every growth that the limit allows", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 32 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2 ** 19, max: 2 ** 24 }),
      fc.nat(leastOfBlock - 1),
      (words, successors, most, early) => {
        const store = new Store(words, successors, most, false);
        store.settle(1);
        const { arena, births, index } = store.memory;
        // Not by a matcher: a message that shows arrays of this length takes minutes.
        const stays = () =>
          arena === store.memory.arena && births === store.memory.births && index === store.memory.index;
        const full = () => Math.max(1, store.room() - early * successors);
        for (let n = store.nextSlots(full()); n !== null; n = store.nextSlots(full())) store.grow(n, 1);
        expect(stays()).toBe(true);
        expect(index.length).toBeGreaterThanOrEqual(store.memory.slots);
        expect(arena.length).toBeGreaterThanOrEqual(words * Math.min(store.room(), store.affordable()));
      },
    ),
    runs(100),
  );
});

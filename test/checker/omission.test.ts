/** Probabilities of omission against what tables really leave out, and the random numbers against a slow twin. */
import { describe, expect, test } from "vitest";
import { compileHasher } from "../../checker/search/hasher.ts";
import { bitstateChance, compactionOmissions, omissionProbability } from "../../checker/search/omission.ts";
import { randomOf } from "../../checker/search/prng.ts";
import { bitSet, compactSet, type Visited } from "../../checker/search/visited.ts";

const words = 3;

/** Distinct states that differ in a few places only, as those of a model do. */
function states(count: number): Int32Array {
  const all = new Int32Array(count * words);
  for (let s = 0; s < count; s++) {
    all[s * words] = s & 63;
    all[s * words + 1] = (s >>> 6) << 20;
  }
  return all;
}

/** How many of the states each of so many sets takes for known, on average. */
function omitted(makeSet: (seed: number) => Visited, count: number, rounds: number) {
  const all = states(count);
  let [lost, expected] = [0, 0];
  for (let seed = 1; seed <= rounds; seed++) {
    const set = makeSet(seed);
    for (let s = 0; s < count; s++) {
      if (set.room() < 1) set.grow(Number.POSITIVE_INFINITY);
      set.add(all, s * words, 0);
    }
    lost += count - set.count();
    expected += set.omissions();
  }
  return { lost: lost / rounds, expected: expected / rounds };
}

describe("a set leaves out as many states as it expects to", () => {
  test.each([16, 20, 35])("signatures of %i bits", (bits) => {
    const [count, rounds] = [4000, 40];
    const { lost, expected } = omitted((seed) => compactSet(compileHasher(words, seed), bits), count, rounds);
    // Each omission is a rare event of its own: the deviation of their sum is the root of its mean.
    const mean = compactionOmissions(count, bits);
    expect(Math.abs(lost - mean)).toBeLessThan(4 * Math.sqrt(mean / rounds) + mean * 0.05 + 1e-3);
    expect(expected).toBeLessThanOrEqual(mean);
    expect(expected).toBeGreaterThan(mean * 0.8);
  });

  test.each([
    [1, 2 ** 13],
    [2, 2 ** 13],
    [3, 2 ** 12],
    [5, 2 ** 12],
  ])("%i bits a state in %i bytes", (hashes, bytes) => {
    const [count, rounds] = [4000, 20];
    const { lost, expected } = omitted(
      (seed) => bitSet(compileHasher(words, seed), hashes, bytes),
      count,
      rounds,
    );
    expect(expected).toBeGreaterThan(5);
    expect(Math.abs(lost - expected)).toBeLessThan(5 * Math.sqrt(expected / rounds) + expected * 0.1);
  });
});

test("the probability that anything was left out is that of a simulated table", () => {
  const [bits, count, rounds] = [12, 60, 4000];
  const random = randomOf(1);
  let clashes = 0;
  for (let round = 0; round < rounds; round++) {
    const drawn = new Set(Array.from({ length: count }, () => random.below(2 ** bits)));
    if (drawn.size < count) clashes++;
  }
  const estimate = omissionProbability(compactionOmissions(count, bits));
  expect(estimate).toBeGreaterThan(0.3);
  expect(Math.abs(clashes / rounds - estimate)).toBeLessThan(0.03);
});

test("published values: 40 bits lose one of 80 million states for certain, 64 bits hardly any", () => {
  expect(omissionProbability(compactionOmissions(8e7, 40))).toBe(1);
  expect(compactionOmissions(8e7, 40)).toBeCloseTo(2910.4, 0);
  expect(omissionProbability(compactionOmissions(8e7, 64))).toBeCloseTo(1.73e-4, 5);
  expect(omissionProbability(compactionOmissions(1, 8))).toBe(0);
  expect(bitstateChance(2 ** 20, 2 ** 23, 3)).toBe(1 / 512);
});

test("random numbers are those of the published generator", () => {
  const next = twin(7, 3);
  const random = randomOf(7, 3);
  expect(Array.from({ length: 50 }, () => random.bits())).toEqual(Array.from({ length: 50 }, next));
});

test("every number below the bound is drawn about equally often", () => {
  const random = randomOf(11);
  const counts = new Array<number>(6).fill(0);
  for (let i = 0; i < 6000; i++) counts[random.below(6)]!++;
  // Chi squared with 5 degrees of freedom: 25.7 is exceeded once in ten thousand seeds.
  expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(25.7);
  expect(new Set([0, 1, 2, 3].map((stream) => randomOf(11, stream).bits())).size).toBe(4);
});

/** xoshiro128** on whole numbers without bounds, its state filled by splitmix32. */
function twin(seed: number, stream: number): () => number {
  const word = (x: bigint) => x & 0xffffffffn;
  const mixed = (x: bigint) => {
    let h = word(x);
    h = word((h ^ (h >> 16n)) * 0x21f0aaadn);
    h = word((h ^ (h >> 15n)) * 0x735a2d97n);
    return h ^ (h >> 15n);
  };
  let fill = mixed(BigInt(seed)) ^ mixed(BigInt(stream) + 0x9e3779b9n) ^ mixed(1n);
  const s = Array.from({ length: 4 }, () => {
    fill = word(fill + 0x9e3779b9n);
    return mixed(fill);
  }) as [bigint, bigint, bigint, bigint];
  const rotate = (x: bigint, by: bigint) => word(x << by) | (x >> (32n - by));
  return () => {
    const result = word(rotate(word(s[1] * 5n), 7n) * 9n);
    const t = word(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    return Number(result);
  };
}

/** Exact sizes of the system model: the naive explorer, the fast one and a number written down must agree. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { system } from "../../../models/kmmscand/system.ts";
import { flatten } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge } from "./build.ts";

const least = { mms: 1, folios: 1, queue: 1, stores: 0 };
const one = { ...least, stores: 1 };

test.each<[Patch, Readonly<Record<string, number>>, number, number, number]>([
  ["v0", least, 1555, 5052, 31],
  ["v0", one, 3110, 11659, 32],
  ["fixed", least, 986, 3151, 29],
  ["fixed", one, 1972, 7288, 30],
])("%s at %o has %i states, both ways", (patch, parameters, states, transitions, depth) => {
  const model = build(system, patch, { parameters });
  const naive = exploreNaively(flatten(model));
  expect(naive).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

describe("at the default scope", () => {
  test.each<[Patch, number, number, number]>([
    ["v0", 44006, 214483, 42],
    ["fixed", 14968, 68810, 37],
  ])("%s has %i states", (patch, states, transitions, depth) => {
    expect(judge(build(system, patch)).statistics).toMatchObject({ states, transitions, depth });
  });
});

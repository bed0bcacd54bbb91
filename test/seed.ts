/**
 * Fixes the seed of every fast-check property: from the environment variable KMMCHECK_SEED, else a constant in CI,
 * else a fresh one. fast-check prints the seed and the path of a failure, so that either reproduces it.
 */
import fc from "fast-check";

const given = process.env["KMMCHECK_SEED"];
const seed = given !== undefined ? Number(given) : process.env["CI"] ? 20241201 : undefined;
fc.configureGlobal(seed === undefined ? {} : { seed });

/**
 * How many examples a fast-check property tries: `usual`, times the environment variable KMMCHECK_RUNS where it is set.
 * The usual numbers fit a test suite of minutes; `KMMCHECK_RUNS=20` is for a night.
 */
export function runs(usual: number): { readonly numRuns: number } {
  const factor = Number(process.env["KMMCHECK_RUNS"] ?? 1);
  if (!(factor > 0)) throw new Error("KMMCHECK_RUNS must be a positive number");
  return { numRuns: Math.ceil(usual * factor) };
}

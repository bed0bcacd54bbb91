import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Test files that take longest, so that none of them is begun when the others are done. */
const longest = [
  "kmmscand/migration",
  "kmmscand/mutants",
  "checker/shipped",
  "traces/shared-logs",
  "kmmscand/verdicts",
  "kmmscand/system-thread",
  "cli/help-examples",
  "cli/export-crosscheck",
  "kmmscand/target-node",
  "checker/crew",
  "kmmscand/daemon",
  "kmmscand/shape",
  "traces/reading",
  "kmmscand/design-space",
  "checker/ltl-spin",
  "checker/export-formula",
  "cli/probes",
  "cli/process",
];

/** The order of test files where two processes take them in turn; vitest knows durations only of runs before, and else takes large files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      // Those in a process of their own stay in front: the processes that the others share are started once.
      if (project.config.isolate) return -1;
      const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place === -1 ? longest.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Test files that take longest, so that none of them is begun when the others are done. */
const longest = [
  "kmmscand/migration",
  "kmmscand/mutants",
  "cli/probes",
  "cli/export-crosscheck",
  "traces/shared-logs",
  "checker/shipped",
  "cli/help-examples",
  "cli/process",
  "cli/follow",
  "kmmscand/verdicts",
  "kmmscand/system-thread",
  "checker/crew",
  "checker/ltl-spin",
  "checker/export-formula",
  "kmmscand/target-node",
  "kmmscand/designs",
  "kmmscand/daemon",
  "traces/reading",
  "traces/simulate",
  "textbook/counts",
  "kmmscand/shape",
  "kmmscand/mm-list",
  "kmmscand/assumptions",
  "kmmscand/design-space",
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

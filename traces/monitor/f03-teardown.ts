/** F03: no promotion begins for an mm between the return of its exit hook and its next enter. */

import { Kind } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { NO_ENTERS } from "./p03-gone.ts";

export const teardown: MonitorEntry = {
  id: "F03",
  title: "no promotion begins during or after the teardown of its mm",
  needs: "the kprobes promote, exit and exit_ret (enter to map pointers)",
  applies: (has) => has(Kind.promote) && has(Kind.probeExitRet),
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  let judged = 0;
  return {
    kinds: [Kind.promote],
    event(event) {
      if (event.mm < 0) return;
      judged++;
      const end = lives.goneOf(lives.of(lives.resolve(event.mm)));
      if (end === null || event.line <= end.line) return;
      if (event.cpu !== end.cpu && event.ns - end.ns < env.skew()) {
        env.findings.doubt(
          "a promotion and the end of an exit stand on different CPUs within the error of their clocks",
        );
        return;
      }
      if (lives.seen.enters === 0) {
        env.findings.doubt(NO_ENTERS);
        return;
      }
      env.findings.report(event, {
        message: `a promotion begins for mm ${env.mmText(event.mm)}, which was gone (${end.how}, line ${end.line})`,
        group: `${env.mmText(event.mm)} ${end.line}`,
        since: end.line,
      });
    },
    finish: () => ({
      judged,
      undecided:
        lives.seen.exitReturns === 0 && judged > 0
          ? "the log has no exit_ret, so the end of an exit is not known"
          : null,
      note: `${judged} promotions`,
    }),
  };
}

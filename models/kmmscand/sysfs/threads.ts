/** The thread that should obey, and the processes that call prctl. */
import {
  type Actor,
  actor,
  and,
  chosen,
  type Expr,
  get,
  type Id,
  ne,
  not,
  point,
  self,
  set,
  step,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";

export function scanner(v: Memory, has: Has): Actor {
  const mm = chosen("mm", "mm");
  const scan = step("scan", "an mm is scanned", {
    choose: { mm: "mm" },
    when: and(v.scan_enabled, get(v.listed, mm), ne(get(v.scale, mm), 0)),
    do: [
      ...(has("periodReadByScan")
        ? [set(get(v.period_due, mm), v.period_stored), set(get(v.scan_period, mm), v.mm_scan_period_ms)]
        : []),
      set(get(v.scanned_since, mm), true),
    ],
  });
  return actor({
    name: "kmmscand",
    doc: "Scans while scan_enabled is set.",
    initial: "do_scan:enabled_test",
    points: { "do_scan:enabled_test": point(scan) },
  });
}

/** Any process may fork and exec, and set its scale where there is one. */
export function processes(v: Memory, has: Has): Actor {
  const me = self("mm");
  const child = chosen("child", "mm");
  const here = get(v.listed, me);
  const enter = (mm: Expr<Id<"mm">>) => [
    set(get(v.period_due, mm), v.period_stored),
    set(get(v.scan_period, mm), v.mm_scan_period_ms),
    set(get(v.scanned_since, mm), false),
  ];
  const prctl = (name: string, text: string, value: 0 | 1) =>
    step(name, text, {
      when: here,
      do: [set(get(v.scale, me), value), set(get(v.turned_off, me), value === 0)],
    });
  return actor({
    name: "owner",
    doc: "A process: forks, execs, calls prctl.",
    fairness: "none",
    forEach: "mm",
    initial: "task:run",
    points: {
      "task:run": point(
        step("fork", "dup_mmap: the child enters", {
          choose: { child: "mm" },
          when: and(here, not(get(v.listed, child))),
          do: [
            set(get(v.made, child), true),
            set(get(v.listed, child), true),
            ...enter(child),
            set(get(v.scale, child), has("scaleInherited") ? get(v.scale, me) : 1),
            set(get(v.turned_off, child), get(v.turned_off, me)),
          ],
        }),
        step("exec", "a new mm, with the default scale", {
          when: here,
          do: [...enter(me), set(get(v.scale, me), 1), set(get(v.turned_off, me), false)],
        }),
        ...(has("scaleTurnsOff")
          ? [
              prctl("prctl_0", "prctl: the scale becomes 0", 0),
              prctl("prctl_1", "prctl: the scale becomes 1", 1),
            ]
          : []),
      ),
    },
  });
}

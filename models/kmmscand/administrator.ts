/** The administrator. */
import {
  type Actor,
  actor,
  type Bool,
  type Expr,
  finalPoint,
  type PointData,
  point,
  set,
  step,
} from "../language/index.ts";

/** Scanning is switched off, on, off, ... `stores` times. */
export function sysfs(v: { readonly scan_enabled: Expr<Bool> }, stores: number): Actor {
  const pointOf = (done: number) =>
    done === stores ? "scan_enabled_store:done" : `scan_enabled_store:${done}`;
  const points: Record<string, PointData> = {};
  for (let done = 0; done < stores; done++) {
    const value = done % 2 === 1;
    points[pointOf(done)] = point(
      step(value ? "enable" : "disable", `${value ? 1 : 0} is stored in scan_enabled`, {
        do: [set(v.scan_enabled, value)],
        to: pointOf(done + 1),
      }),
    );
  }
  return actor({
    name: "sysfs",
    doc: "Writes scan_enabled.",
    fairness: "none",
    initial: pointOf(0),
    points: { ...points, [pointOf(stores)]: finalPoint },
  });
}

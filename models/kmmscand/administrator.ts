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

const pointOf = (done: number, stores: number) =>
  done === stores ? "scan_enabled_store:done" : `scan_enabled_store:${done}`;

/** The points of {@link sysfs} at which the value stored last, or the initial one, is this one. */
export function storesDone(stores: number, value: boolean): readonly string[] {
  const all = Array.from({ length: stores + 1 }, (_, done) => done);
  return all.filter((done) => (done % 2 === 0) === value).map((done) => pointOf(done, stores));
}

/** Scanning is switched off, on, off, ... `stores` times. */
export function sysfs(v: { readonly scan_enabled: Expr<Bool> }, stores: number): Actor {
  const points: Record<string, PointData> = {};
  for (let done = 0; done < stores; done++) {
    const value = done % 2 === 1;
    points[pointOf(done, stores)] = point(
      step(value ? "enable" : "disable", `${value ? 1 : 0} is stored in scan_enabled`, {
        do: [set(v.scan_enabled, value)],
        to: pointOf(done + 1, stores),
      }),
    );
  }
  return actor({
    name: "sysfs",
    doc: "Writes scan_enabled.",
    fairness: "none",
    initial: pointOf(0, stores),
    points: { ...points, [pointOf(stores, stores)]: finalPoint },
  });
}

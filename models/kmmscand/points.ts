import type { PointData } from "../language/index.ts";

/** Program points in order, to be spread into an actor. */
export type Points = Readonly<Record<string, PointData>>;

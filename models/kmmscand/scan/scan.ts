/** The way of the scanner through the address spaces: VMAs, holes, the size of a scan and where the next one resumes. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import {
  type Actor,
  actor,
  and,
  chosen,
  finalPoint,
  get,
  individual,
  is,
  lt,
  type Model,
  type PointData,
  point,
  set,
  step,
} from "../../language/index.ts";
import { type Has, scanFeatures } from "./features.ts";
import { type Memory, memory, type Scope, span, vmasOf } from "./memory.ts";
import { scanProperties } from "./properties.ts";
import { scanner } from "./visit.ts";

export const scan: ModelEntry = {
  name: "scan",
  title: "The way through the address spaces: VMAs, holes, budget, resume address",
  doc: "Every layout of a few VMAs, and every outcome of each visited page. Sizes are in pages; scan_size is two. fixed is v3 with every fix.",
  parameters: {
    mms: { default: 2, min: 1, max: 2, doc: "address spaces: the second one is two large VMAs" },
    vmas: { default: 2, min: 1, max: 3, doc: "VMAs of the first address space" },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features: scanFeatures,
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const { mms = 0, vmas = 0 } = parameters;
  const scope: Scope = { mms, vmas };
  const { variables, v } = memory(scope, has);
  return {
    name: "scan",
    title: scan.title,
    identities: { mm: mms, vma: vmasOf(scope) },
    variables,
    actors: [layout(v, scope), scanner(v, has, scope)],
    properties: scanProperties(v, has, scope),
  };
}

/** The address space is laid out, and one of its pages is watched, before the first scan. */
function layout(v: Memory, { vmas }: Scope): Actor {
  const points: Record<string, PointData> = {};
  const pointOf = (i: number) => (i === vmas ? "mmap:watch" : `mmap:${i}`);
  for (let i = 0; i < vmas; i++) {
    const lays = (shape: "small" | "large" | "tail" | "hole" | "filtered", text: string) =>
      step(shape, text, { do: [set(get(v.shape, individual("vma", i)), shape)], to: pointOf(i + 1) });
    points[pointOf(i)] = point(
      lays("small", "a VMA of one page"),
      lays("large", "a VMA larger than scan_size, all populated"),
      lays("tail", "a large VMA, populated at its start only"),
      lays("hole", "a large VMA with an empty entry in the middle"),
      lays("filtered", "a large VMA that the filter passes over"),
    );
  }
  const vma = chosen("vma", "vma");
  const watches = (page: number, ...shapes: readonly ("small" | "large" | "tail" | "hole")[]) =>
    step(`watch_${page}`, "a populated page is watched", {
      choose: { vma: "vma" },
      when: and(is(get(v.shape, vma), ...shapes), lt(get(v.start, vma), vmas * span)),
      do: [set(v.watched, vma), set(v.watched_page, page)],
      to: "mmap:done",
    });
  return actor({
    name: "application",
    doc: "Lays out the first address space.",
    environment: true,
    initial: pointOf(0),
    points: {
      ...points,
      [pointOf(vmas)]: point(
        watches(0, "small", "large", "tail", "hole"),
        watches(1, "large"),
        watches(2, "large", "hole"),
      ),
      "mmap:done": finalPoint,
    },
  });
}

/** Whether reports are the parts of one whole, and all of them. */
import { InputError } from "../input-error.ts";

/** What every report of a part tells of it. */
interface Share {
  readonly index: number;
  readonly count: number;
  readonly fingerprint: string;
}

/** A report that may be one of a part. */
export interface Sharded {
  readonly version: string;
  readonly shard: Share | null;
}

/** The report of one part, and the file that has it. */
export interface Part<R extends Sharded> {
  readonly name: string;
  readonly report: R & { readonly shard: NonNullable<R["shard"]> };
}

/** The parts in their order. Throws {@link InputError} where one is missing, there twice, or of another whole. */
export function allParts<R extends Sharded>(
  files: readonly { readonly name: string; readonly report: R }[],
): readonly Part<R>[] {
  const parts = files.map(({ name, report }) => {
    if (report.shard === null)
      throw new InputError("this is a whole, not a part: it was made without --shard", { file: name });
    return { name, report } as Part<R>;
  });
  const [first] = parts;
  if (first === undefined) throw new InputError("there is nothing to merge");
  for (const part of parts.slice(1)) refuseOther(first, part);
  const { count } = first.report.shard;
  const inOrder: Part<R>[] = [];
  for (let index = 1; index <= count; index++) {
    const [own, twin] = parts.filter(({ report }) => report.shard.index === index);
    if (twin !== undefined && own !== undefined)
      throw new InputError(`part ${index} of ${count} is there twice: ${own.name} has it as well`, {
        file: twin.name,
      });
    if (own !== undefined) inOrder.push(own);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter(
    (index) => !inOrder.some(({ report }) => report.shard.index === index),
  );
  if (missing.length > 0)
    throw new InputError(
      missing.length === 1
        ? `part ${missing[0]} of ${count} is missing`
        : `parts ${listed(missing)} of ${count} are missing`,
    );
  return inOrder;
}

/** At most so many missing parts are named. */
const mostNamed = 8;

function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, mostNamed).join(", ");
  return numbers.length > mostNamed ? `${shown} and ${numbers.length - mostNamed} more` : shown;
}

/** Fields that are equal in all parts, in the order in which a difference is told. */
const common = [
  ["version"],
  ["model"],
  ["patch"],
  ["parameters"],
  ["features"],
  ["config"],
  ["baseline"],
  ["strictBaseline"],
  ["search", "order"],
  ["search", "store"],
  ["search", "bits"],
  ["search", "storeBytes"],
  ["search", "walks"],
  ["search", "maxDepth"],
  ["shard", "count"],
  ["shard", "divides"],
  ["shard", "properties"],
  ["shard", "seeds"],
  ["shard", "runs"],
] as const;

function refuseOther<R extends Sharded>(first: Part<R>, part: Part<R>): void {
  const refuse = (how: string): never => {
    throw new InputError(`not a part of the same whole as ${first.name}: ${how}`, { file: part.name });
  };
  for (const path of common) {
    const [here, there] = [valueAt(part.report, path), valueAt(first.report, path)];
    if (here !== there) refuse(`${path.at(-1)} is ${here}, and there ${there}`);
  }
  if (part.report.shard.fingerprint !== first.report.shard.fingerprint)
    refuse("the model itself, the limits or the files that were judged differ");
}

/** What stands there, as short text. */
function valueAt(report: object, path: readonly string[]): string {
  let value: unknown = report;
  for (const name of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  const text = JSON.stringify(value) ?? "absent";
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

const longest = 400;

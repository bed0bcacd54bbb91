/** Refuses what is no model before anything is made of it: a malformed one could be explored for ever, or wrongly. */
import { checkModel, type Model } from "../models/language/index.ts";

/** What was given is no model; the message says why in one sentence, with the place as a JSON pointer where there is one. */
export class MalformedModel extends Error {
  override readonly name = "MalformedModel";
}

/** Levels of arrays and objects, and all values in them; the models of the catalogue have 25 levels and some ten thousand values. */
const [mostLevels, mostValues] = [200, 1_000_000];

/**
 * @throws MalformedModel for a value that nests too deep, contains itself, is too large, or has diagnostics of `checkModel`
 */
export function refuseMalformed(model: Model): void {
  const complaint = tooLarge(model) ?? diagnosticOf(model);
  if (complaint !== null) throw new MalformedModel(complaint);
}

/** Why a value is no data that can be walked through: one sentence; null where it can. Takes no longer for parts that are shared. */
export function tooLarge(data: unknown): string | null {
  const known = new Map<object, Extent>();
  const around = new Set<object>();
  const extentOf = (value: unknown, level: number): Extent => {
    if (typeof value !== "object" || value === null) return { levels: 0, values: 1 };
    let extent = known.get(value);
    if (around.has(value)) throw new Unfit("this contains itself");
    if (level >= mostLevels || level + (extent?.levels ?? 0) > mostLevels)
      throw new Unfit(`this is nested more than ${mostLevels} levels deep`);
    if (extent === undefined) {
      around.add(value);
      const parts = Object.values(value).map((part) => extentOf(part, level + 1));
      const levels = 1 + Math.max(0, ...parts.map((part) => part.levels));
      extent = { levels, values: parts.reduce((sum, part) => sum + part.values, 1) };
      around.delete(value);
      known.set(value, extent);
    }
    return extent;
  };
  try {
    const { values } = extentOf(data, 0);
    return values <= mostValues ? null : `this has more than ${mostValues.toLocaleString("en")} values`;
  } catch (error) {
    if (error instanceof Unfit) return error.message;
    throw error;
  }
}

interface Extent {
  readonly levels: number;
  readonly values: number;
}

class Unfit extends Error {}

function diagnosticOf(model: Model): string | null {
  try {
    const [first] = checkModel(model);
    return first === undefined ? null : `${first.message} (at ${first.path})`;
  } catch (error) {
    // The check trusts the types of models, which JavaScript does not enforce.
    const why = error instanceof Error ? error.message : String(error);
    return `this is not what a model is by its type: ${why}`;
  }
}

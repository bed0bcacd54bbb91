/** Steps that differ by the names of interchangeable individuals only. */
import type { Step, System } from "../../models/language/index.ts";

/** One byte a step: 1 where the step or one like it was taken. */
export function takenByLikes(system: System, taken: Uint8Array, kinds: readonly string[]): Uint8Array {
  if (kinds.length === 0) return taken;
  const likes = system.steps.map((step) => likeness(system, step, kinds));
  const used = new Set(likes.filter((_, i) => taken[i] === 1));
  return Uint8Array.from(likes, (like) => (used.has(like) ? 1 : 0));
}

/** Equal for steps that an exchange of individuals turns into each other. */
function likeness({ instances }: System, step: Step, kinds: readonly string[]): string {
  const met: Record<string, number[]> = {};
  const bound = Object.entries(step.bindings).map(([name, { of, value }]) => {
    if (!kinds.includes(of)) return [name, value];
    met[of] ??= [];
    const known = met[of].indexOf(value);
    return [name, known < 0 ? met[of].push(value) - 1 : known];
  });
  return JSON.stringify([
    instances[step.instance]?.actor.name,
    step.from,
    step.name,
    step.unless.length,
    bound,
  ]);
}

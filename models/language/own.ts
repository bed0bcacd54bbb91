/** The entry of a name. Names come from files and may be `constructor`, which every object inherits. */
export function own<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

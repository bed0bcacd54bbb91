/** Numbers for people: thousands apart, bytes and times in units. */

export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A few digits and a unit: `950`, `12.3k`, `4.56M`. */
export function briefly(n: number, digits = 3): string {
  const units = ["", "k", "M", "G"];
  let [value, unit] = [n, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return unit === 0
    ? String(Math.round(value))
    : `${value.toPrecision(value >= 99.5 ? 3 : digits)}${units[unit]}`;
}

/** `1 state`, `2 states`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [value, unit] = [n, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function seconds(s: number): string {
  if (s < 1) return `${(s * 1000).toFixed(0)} ms`;
  return s < 100 ? `${s.toFixed(2)} s` : `${count(s)} s`;
}

/**
 * Finding a record that is not where it should be: quoted by a mail, indented, trimmed, prefixed by a syslog or by
 * the buffer's name of trace-cmd. Slow, and a task name can mislead it; the right-most header that parses wins.
 */

const HEADER =
  /^(.*)-(\d+) +(?:\( *[\d-]+\) +)?\[\d{3,}\](?: +(?:[^\s:[\]()]{3,8} +)?|(?=\d{12}))\d+(?:\.\d{6}|\.\d{9})?: (?=[\w.-]+: |\s)/s;

/** Position of the dash between task and pid in a line that has none at byte 16, or -1. */
export function findDash(text: string): number {
  if (text.length > 4096) text = text.slice(0, 4096);
  const found = HEADER.exec(text);
  return found === null ? -1 : (found[1] ?? "").length;
}

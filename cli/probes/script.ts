/** The recording script of one version, put together from what is wanted and what the formats offer. */
import type { EventFormat } from "./formats.ts";
import { BODY, OPENING } from "./shell.ts";
import { daemonOf, type ProbePatch, type WantedEvent, wantedEvents, wantedProbes } from "./wanted.ts";

/** Functions whose presence tells one daemon from the other. */
const ENTERS = ["__kmmscand_enter", "__kscand_enter"];

/** What the formats say is missing, one sentence each; empty without formats. */
export function missingFrom(patch: ProbePatch, formats: readonly EventFormat[] | null): readonly string[] {
  if (formats === null) return [];
  return wantedEvents(patch)
    .filter((event) => !isOffered(event, formats))
    .map(
      ({ system, name, without }) =>
        `${system}:${name} is not among the formats; not decided without it: ${without}`,
    );
}

function isOffered(
  event: { readonly system: string; readonly name: string },
  formats: readonly EventFormat[],
): boolean {
  return formats.some(({ system, name }) => system === event.system && name === event.name);
}

/** The events that the script enables: all that are wanted, or those among the formats. */
export function enabledEvents(
  patch: ProbePatch,
  formats: readonly EventFormat[] | null,
): readonly WantedEvent[] {
  return wantedEvents(patch).filter((event) => formats === null || isOffered(event, formats));
}

/** The script as text. `formats` is null where nothing is known of the kernel; the script looks for itself then. */
export function recordingScript(patch: ProbePatch, formats: readonly EventFormat[] | null): string {
  const daemon = daemonOf(patch);
  const header = [
    "#!/bin/sh",
    `# Records what ${daemon} (${patch}) does, into a directory for: kmmcheck validate DIR`,
    "# Written by: kmmcheck probes. Needs root and tracefs; -h shows the options.",
    ...missingFrom(patch, formats).map((text) => `# ${text}`),
    ...fieldsOf(patch, formats),
  ];
  const events = enabledEvents(patch, formats).map(
    ({ system, name, without }) => `event ${system} ${name} ${quoted(without)}`,
  );
  const all = wantedProbes(patch);
  const call = ({ name, type, function: target, args, without }: (typeof all)[number]): string =>
    `probe ${name} ${type} ${target} ${quoted(args)} ${quoted(without)}`;
  const costly = all.filter((wanted) => wanted.costly === true);
  return `${[
    ...header,
    `PATCH=${patch}`,
    `DAEMON=${daemon}`,
    `FUNCTIONS=${quoted([...new Set([...all.map((wanted) => wanted.function), ...ENTERS])].join(" "))}`,
    OPENING,
    ...events,
    "# shellcheck disable=SC2016 # words of kprobe_events",
    "{",
    ...all.filter((wanted) => wanted.costly !== true).map((wanted) => `\t${call(wanted)}`),
    "}",
    'if [ "$COSTLY" = 0 ]; then',
    `\tsay ${quoted(`without -f these are not decided: ${propertiesOf(costly)}`)}`,
    'elif [ "$ARCH" != x86_64 ]; then',
    `\tsay ${quoted("-f is for x86_64 alone: the accessed bit of other machines is not known")}`,
    "else",
    "\t# shellcheck disable=SC2016 # words of kprobe_events",
    "\t{",
    ...costly.map((wanted) => `\t\t${call(wanted)}`),
    "\t}",
    "fi",
  ].join("\n")}\n${BODY}`;
}

/** The daemon's events with the fields that were found, for who reads the script. */
function fieldsOf(patch: ProbePatch, formats: readonly EventFormat[] | null): readonly string[] {
  const names = wantedEvents(patch).map(({ name }) => name);
  return (formats ?? [])
    .filter(({ system, name }) => system === "kmem" && names.includes(name))
    .map(({ name, fields }) => `# ${name}: ${fields.join(", ")}`);
}

function propertiesOf(wanted: readonly { readonly without: string }[]): string {
  return [...new Set(wanted.flatMap(({ without }) => without.split(", ")))].sort().join(", ");
}

/** A word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The document that `probes --json` prints. */

export interface ProbesReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "probes";
  readonly patch: "v0" | "p1" | "v1" | "v2" | "v3";
  /** Events that the script enables, as `system:name`. */
  readonly events: readonly string[];
  /** Kprobes that it defines where the kernel allows. */
  readonly probes: readonly { readonly name: string; readonly function: string }[];
  /** What the formats do not have, a sentence each. */
  readonly missing: readonly string[];
  readonly script: string;
}

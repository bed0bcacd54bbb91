/** The document that `export --json` prints. */
import type { Subject } from "./explore-report.ts";

export interface ExportedText {
  /** Name of the file that it belongs in. */
  readonly file: string;
  readonly text: string;
}

export interface ExportReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "export";
  readonly to: "promela" | "tla";
  readonly texts: readonly ExportedText[];
}

/** Colours. Nothing is said by colour alone: every report reads the same without. */
import { styleText } from "node:util";

/** What a piece of text is, rather than how it looks. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly unsure: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

const same = (text: string): string => text;
const styled =
  (format: Format) =>
  (text: string): string =>
    text === "" ? "" : styleText(format, text, { validateStream: false });

export const plain: Style = { good: same, bad: same, unsure: same, strong: same, faint: same };

export const colours: Style = {
  good: styled("green"),
  bad: styled(["bold", "red"]),
  unsure: styled("yellow"),
  strong: styled("bold"),
  faint: styled("dim"),
};

export type ColorMode = "auto" | "always" | "never";

/** The style for an output: `--color` first, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal. */
export function chooseStyle(
  mode: ColorMode,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Style {
  if (mode !== "auto") return mode === "always" ? colours : plain;
  if ((env["NO_COLOR"] ?? "") !== "") return plain;
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force === "0" || force === "false" ? plain : colours;
  return isTerminal && env["TERM"] !== "dumb" ? colours : plain;
}

/** A verdict in its colour, padded before the colour is put on. */
export function verdictText(style: Style, verdict: string, text: string = verdict): string {
  if (verdict === "holds") return style.good(text);
  return verdict === "violated" ? style.bad(text) : style.unsure(text);
}

/** Thrown where zstd data cannot be decompressed. */

/** What is wrong with compressed data; `early` if they end too soon. */
export class DamagedData extends Error {
  readonly early: boolean;

  constructor(early: boolean) {
    super(early ? "the zstd data end early" : "the zstd data are damaged");
    this.name = "DamagedData";
    this.early = early;
  }
}

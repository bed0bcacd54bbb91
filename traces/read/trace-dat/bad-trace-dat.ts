/** Thrown where a trace.dat file contradicts its own format or has one that is not known; becomes an input error. */

export class BadTraceDat extends Error {
  constructor(what: string) {
    super(`the trace.dat file cannot be read: ${what}`);
    this.name = "BadTraceDat";
  }
}

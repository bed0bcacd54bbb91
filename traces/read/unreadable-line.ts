/** Thrown by a reader for a line without which the rest of the log has no meaning; becomes an input error. */

export class UnreadableLine extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = "UnreadableLine";
    this.line = line;
  }
}

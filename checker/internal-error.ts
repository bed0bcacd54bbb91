/** An internal check failed: a bug of kmmcheck, reported with exit code 70. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

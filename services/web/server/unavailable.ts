/** An upstream service that did not answer, or not as expected. `status` is its answer's, else 503. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
  readonly what: string;
  readonly status: number;
  constructor(what: string, status: number, options?: ErrorOptions) {
    super(`${status} ${what}`, options);
    this.what = what;
    this.status = status;
  }
}

/** By name: the built app and the server that runs it each have a copy of the class. */
export const isUnavailable = (error: unknown): error is Unavailable =>
  error instanceof Error && error.name === "Unavailable";

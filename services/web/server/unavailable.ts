/** An upstream service that did not answer, or not with what it should. `status` is what it did answer, else 503. */
export class Unavailable extends Error {
  readonly what: string;
  readonly status: number;
  constructor(what: string, status: number, options?: ErrorOptions) {
    super(`${status} ${what}`, options);
    this.what = what;
    this.status = status;
  }
}

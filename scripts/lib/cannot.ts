/** An error that stops a start and that the reader of its one line can fix. */
export class CannotStart extends Error {}

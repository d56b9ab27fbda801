/** What stops a start and can be set right by whoever reads its one line. */
export class CannotStart extends Error {}

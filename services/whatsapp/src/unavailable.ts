/** Another part of Fio does not answer, or not yet: to be tried again, with the same result. */
export class Unavailable extends Error {}

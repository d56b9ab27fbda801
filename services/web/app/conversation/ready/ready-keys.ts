/** What a key does in the list of ready answers; false: it is for the field. */
export type ReadyKeys = (key: string) => boolean;

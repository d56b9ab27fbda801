const simulated = new Set<string>();

/** Customers' messages that were written here, in this session: they show the flask icon as long as it lasts. */
export const markSimulated = (id: string): void => void simulated.add(id);
export const isSimulatedByUs = (id: string): boolean => simulated.has(id);

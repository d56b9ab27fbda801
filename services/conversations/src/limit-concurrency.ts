/** Lets at most `places` tasks run at a time; the others wait for their turn. */
export function limitConcurrency(places: number): <Value>(task: () => Promise<Value>) => Promise<Value> {
  const waiting: Array<() => void> = [];
  let free = places;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

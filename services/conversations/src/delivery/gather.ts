/**
 * Lets what comes while `work` runs share its next run: `work` takes several and answers each by its place. At most `most`
 * at once.
 */
export function gather<Input, Output>(
  work: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  { most }: { most: number },
): (input: Input) => Promise<Output> {
  type Waiting = { input: Input; resolve: (output: Output) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const taken = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const outputs = await work(taken.map(({ input }) => input));
        taken.forEach(({ resolve }, place) => resolve(outputs[place] as Output));
      } catch (error) {
        taken.forEach(({ reject }) => reject(error));
      }
    }
    running = false;
  };
  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (!running) void run();
    });
}

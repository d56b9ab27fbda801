type Step = (limitMs: number) => Promise<void> | void;

/** What runs, to be stopped in reverse order. */
export type Stack = {
  /** Once stopping has begun, the step is run at once. */
  add: (step: Step) => void;
  /** Runs every step once, each with what is left of `limitMs`, minus a second for each step that follows. */
  unwind: (limitMs: number) => Promise<void>;
};

export function stack(): Stack {
  const steps: Step[] = [];
  let unwinding = false;
  return {
    add: (step) => {
      if (unwinding) void step(1_000);
      else steps.push(step);
    },
    unwind: async (limitMs) => {
      unwinding = true;
      const deadline = Date.now() + limitMs;
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await step(Math.max(500, deadline - Date.now() - 1_000 * steps.length));
      }
    },
  };
}

import { ACCEPTED, expressIntake } from "./support/intake.ts";
import type { Rival } from "./rival.ts";

/**
 * Stock Express 5 with zod, and no queue behind it: what it costs to take a webhook and to check it.
 * A 2xx promises nothing: the event is forgotten.
 */
export const expressZod: Rival = {
  title: "Express + zod",
  promise: "nothing is kept",
  intake: () => Promise.resolve(expressIntake(() => ACCEPTED)),
};

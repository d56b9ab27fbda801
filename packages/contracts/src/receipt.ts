import { z } from "zod";

/**
 * The microsecond since 1970 at which the fleet accepted an event, strictly increasing over all ingests.
 * Sixteen digits until the year 2286, so that text order is the order of acceptance.
 */
export type Receipt = string & { readonly __brand: "Receipt" };

export const receipt = z
  .custom<Receipt>((value) => typeof value === "string" && /^\d{16}$/.test(value), {
    message: "must be 16 digits",
  })
  .meta({
    id: "Receipt",
    description:
      "The microsecond at which the event was accepted: 16 digits, strictly increasing over all ingests.",
    examples: ["1740133242349308"],
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      jsonSchema.type = "string";
      jsonSchema.pattern = "^[0-9]{16}$";
    },
  });

/** The receipt of a whole number of microseconds since 1970. */
export function receiptOf(microseconds: number | bigint): Receipt {
  return String(microseconds).padStart(16, "0") as Receipt;
}

/** When it was given, in milliseconds since 1970. */
export function receiptMilliseconds(given: Receipt): number {
  return Math.floor(Number(given) / 1000);
}

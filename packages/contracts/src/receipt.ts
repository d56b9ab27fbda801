import { z } from "zod";
import type { Receipt } from "./receipts.ts";

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

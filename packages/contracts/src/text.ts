import { z } from "zod";

/** 1 to `most` UTF-16 units that every database can hold. */
export const text = (most: number) =>
  z
    .string()
    .min(1, { message: "must not be empty" })
    // Not zod's max(), which counts code points.
    .refine((given) => given.length <= most, {
      message: `must be at most ${most.toLocaleString("en")} UTF-16 units`,
    })
    .refine((given) => !given.includes("\u0000"), { message: "must not contain U+0000" })
    .refine((given) => given.isWellFormed(), { message: "must not contain lone surrogates" });

import { objectOf, type Json } from "../inbound/reading/json.ts";

/** The object that a body holds; `null` when it is none. */
export function jsonBody(body: Buffer): Json | null {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? objectOf(parsed) : null;
  } catch {
    return null;
  }
}

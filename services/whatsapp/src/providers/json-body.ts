import { isObject, parsedJson, type Json } from "../json.ts";

/** The object that a body holds; `null` when it is none. */
export function jsonBody(body: Buffer): Json | null {
  const parsed = parsedJson(body.toString("utf8"));
  return isObject(parsed) ? parsed : null;
}

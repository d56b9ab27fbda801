/*
 * What providers send is read leniently: their documents lag behind what they do, and what is not understood is kept and
 * shown, so that no shape can be refused.
 */

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object, or one without keys. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

/** The objects of an array; of anything else none. */
export const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A text that says something, or a number as one. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** What a text holds as JSON; `undefined` where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error in one line that may be kept and logged: no statement, and nothing in quotes, which may be content. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown fault";
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  // Knex puts the statement in front.
  const own = error.message.slice(error.message.lastIndexOf(" - ") + 1).replace(/^- /, "");
  const line = own.replace(/[\s\p{Cc}]+/gu, " ").replace(/(["'`]).*\1/g, "…");
  return `${code}: ${line}`.slice(0, 200).toWellFormed();
}

/** Where it was thrown, for whoever has to find it; a stack's head repeats the message, and is left out. */
export function placesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());
}

/** The part of an error that is logged. Libraries attach more: ioredis the command with its arguments, pg the row. */
export type ErrorFacts = {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorFacts;
  errors?: ErrorFacts[];
};

const LONGEST = 200;
const PLACES = 6;
const DEEPEST = 3;

/** SQLSTATE's class for names that the schema does not have: it quotes tables and columns, never content. */
const NAMES_THE_SCHEMA = /^42(?!601)/;

/** Node's own errors: they name the address that does not answer. */
const NETWORK = /^E[A-Z_]+$/;

/**
 * An error without content and without secrets, for the log and for rows that are kept: no statement, nothing in
 * quotes, and plain ASCII, which a database of any encoding takes. Nested causes too, up to a depth: a cause may
 * refer to itself.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an error" };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const facts: ErrorFacts = { type: error.name, message: messageOf(error.message, code) };
  if (code !== undefined) facts.code = code;
  const stack = placesOf(error.stack ?? "");
  if (stack !== "") facts.stack = stack;
  if (depth >= DEEPEST) return facts;
  if (error.cause instanceof Error) facts.cause = errorFacts(error.cause, depth + 1);
  if (error instanceof AggregateError) facts.errors = error.errors.map((one) => errorFacts(one, depth + 1));
  return facts;
}

/** The same in one line. */
export function describeError(error: unknown): string {
  const { type, code, message } = errorFacts(error);
  return `${code ?? type}: ${message}`.slice(0, LONGEST);
}

function messageOf(message: string, code = ""): string {
  const own = NETWORK.test(code) ? message : withoutStatement(message);
  const plain = inAscii(own.replace(/[\s\p{Cc}]+/gu, " "));
  return (NAMES_THE_SCHEMA.test(code) ? plain : plain.replace(/(["'`]).*\1/g, "...")).slice(0, LONGEST);
}

/** Knex puts the statement in front. */
const withoutStatement = (message: string): string => message.replace(/^.* - /s, "");

const inAscii = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]/gu, "?");

/** Where it was thrown. The head of a stack repeats the message, and is left out. */
function placesOf(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, PLACES)
    .join("\n");
}

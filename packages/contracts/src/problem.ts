import { z } from "zod";
import { receipt } from "./receipt.ts";

/** Every `code` that an answer can carry, with its status and title. Stable: clients switch on the code. */
export const PROBLEMS = {
  MALFORMED_REQUEST: { status: 400, title: "The request is not valid HTTP" },
  MALFORMED_JSON: { status: 400, title: "The body is not valid JSON" },
  INVALID_EVENT: { status: 400, title: "The event is not valid" },
  INVALID_PARAMETER: { status: 400, title: "A parameter is not valid" },
  PASSWORD_COMMON: { status: 400, title: "The password is one of those that are tried first" },
  CONVERSATION_CLOSED: { status: 400, title: "The conversation was closed before this message" },
  CONVERSATION_ALREADY_CLOSED: { status: 400, title: "The conversation was already closed" },
  SIGNATURE_INVALID: { status: 401, title: "The signature is missing or wrong" },
  UNAUTHORIZED: { status: 401, title: "A valid bearer token is required" },
  SIGN_IN_REFUSED: { status: 401, title: "The e-mail address or the password is wrong" },
  SESSION_ENDED: { status: 401, title: "The session has ended: sign in again" },
  SECOND_STEP_ENDED: { status: 401, title: "The password is too long ago or was used: sign in again" },
  OIDC_ENDED: { status: 401, title: "This sign-in was begun elsewhere, was used or is too old" },
  OIDC_DENIED: { status: 403, title: "The issuer of identities did not let them in" },
  OIDC_NO_ACCOUNT: { status: 403, title: "Whoever the issuer names has no account that is enabled" },
  OIDC_UNVERIFIED: { status: 403, title: "The issuer does not say that the e-mail address is theirs" },
  PASSWORD_WRONG: { status: 403, title: "The current password is wrong" },
  CODE_WRONG: { status: 403, title: "The code is wrong, or was used before" },
  NOT_AN_AGENT: { status: 403, title: "Only what the web app signs may say what an agent does" },
  NOT_AN_ADMIN: { status: 403, title: "Only an admin may see to accounts" },
  NOT_FOUND: { status: 404, title: "No such route" },
  CONVERSATION_NOT_FOUND: { status: 404, title: "The conversation was not found" },
  MESSAGE_NOT_FOUND: { status: 404, title: "The message is not in this conversation" },
  CONTACT_NOT_FOUND: { status: 404, title: "Nothing was ever said of this contact" },
  EVENT_NOT_FOUND: { status: 404, title: "The event was never accepted, or is not processed yet" },
  DELIVERY_NOT_FOUND: { status: 404, title: "No message under this id was ever to leave" },
  REJECTION_NOT_FOUND: { status: 404, title: "No rejected event has this receipt" },
  SESSION_NOT_FOUND: { status: 404, title: "The account has no such session" },
  ACCOUNT_NOT_FOUND: { status: 404, title: "There is no such account" },
  LINK_USED: { status: 404, title: "The link is unknown, was used or is too old" },
  OIDC_OFF: { status: 404, title: "No issuer of identities is set" },
  METHOD_NOT_ALLOWED: { status: 405, title: "The route does not support this method" },
  CONVERSATION_ALREADY_EXISTS: {
    status: 409,
    title: "The conversation was already created by a different event",
  },
  MESSAGE_ID_CONFLICT: { status: 409, title: "The message id is already used by a different message" },
  ACCOUNT_EXISTS: { status: 409, title: "The e-mail address has an account already" },
  ACCOUNT_DISABLED: { status: 409, title: "The account is disabled: enable it first" },
  ACCOUNT_OWN: { status: 409, title: "Nobody changes their own account in this way" },
  SECOND_FACTOR_ON: { status: 409, title: "The account has a second factor already" },
  SECOND_FACTOR_OFF: { status: 409, title: "The account has no second factor, and none was begun of late" },
  NOT_REPLAYABLE: { status: 409, title: "Only an INTERNAL_ERROR can be replayed" },
  NOT_FAILED: { status: 409, title: "Only a message that was given up can be sent once more" },
  CONVERSATION_ERASED: { status: 410, title: "The conversation was erased for good" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  MISDIRECTED_REQUEST: { status: 421, title: "The app is not at home under this host" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "The body must be application/json" },
  EXPECTATION_FAILED: { status: 417, title: "The Expect header is not supported" },
  // Not a 5xx: nothing of Fio's is broken.
  OIDC_AWAY: { status: 424, title: "The issuer of identities did not answer" },
  OIDC_FAILED: { status: 424, title: "What the issuer of identities answered cannot be used" },
  TOO_MANY_ATTEMPTS: { status: 429, title: "Too many attempts to sign in; try again later" },
  HEADERS_TOO_LARGE: { status: 431, title: "The headers are too large" },
  INTERNAL_ERROR: { status: 500, title: "Internal error" },
  TOO_SLOW: { status: 503, title: "The request arrived too slowly; send it again" },
  TOO_MANY_BODIES: { status: 503, title: "Too many request bodies are being read; send again later" },
  QUEUE_UNAVAILABLE: { status: 503, title: "The queue is not available; send again later" },
  BACKLOG_FULL: { status: 503, title: "Too many events are waiting; send again later" },
  TOO_MANY_SIGN_INS: { status: 503, title: "Too many passwords are being checked; try again later" },
  STORE_UNAVAILABLE: { status: 503, title: "The store is not available; try again later" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export const fault = z
  .object({
    path: z
      .string()
      .meta({ description: "Where in the body or query, e.g. `[2].data.id`; empty for the whole." }),
    message: z.string(),
  })
  .meta({ id: "Fault" });
export type Fault = z.output<typeof fault>;

export const problem = z
  .object({
    type: z.string().meta({ examples: ["urn:fio:problem:INVALID_EVENT"] }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional(),
    errors: z.array(fault).optional(),
    receipt: receipt.optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457, as application/problem+json." });
export type Problem = z.output<typeof problem>;

/** Builds the problem of a code. `retryAfter` is not part of it: it is a header, see packages/service/src/http.ts. */
export function problemOf(
  code: ProblemCode,
  more: Pick<Problem, "detail" | "errors" | "receipt"> = {},
): Problem {
  const { status, title } = PROBLEMS[code];
  return { type: `urn:fio:problem:${code}`, title, status, code, ...more };
}

/** zod's issues as faults, with paths like `[2].data.id`. At most 100. */
export function faultsOf(error: z.ZodError, prefix: readonly PropertyKey[] = []): Fault[] {
  return error.issues
    .slice(0, 100)
    .map((issue) => ({ path: pathText([...prefix, ...issue.path]), message: issue.message }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

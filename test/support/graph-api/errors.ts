/** What Meta answers a refused message with: the HTTP status, and the words of its envelope. */
type Refusal = { status: number; title: string; details: string };

/** Meta's refusals, by their codes. The words are of its public list of errors, in short. */
const REFUSALS = {
  0: { status: 401, title: "AuthException", details: "The app user could not be authenticated." },
  1: { status: 500, title: "API Unknown", details: "Invalid request or possible server error." },
  2: { status: 503, title: "API Service", details: "Temporary, due to downtime or to being overloaded." },
  4: { status: 400, title: "API Too Many Calls", details: "The app has reached its rate limit of calls." },
  10: { status: 403, title: "Permission Denied", details: "Permission is not granted or has been removed." },
  33: {
    status: 400,
    title: "Parameter value is not valid",
    details: "The business phone number has been deleted.",
  },
  100: { status: 400, title: "Invalid parameter", details: "A parameter is not supported or misspelled." },
  190: {
    status: 401,
    title: "Access token has expired",
    details: "Error validating access token: Session has expired.",
  },
  368: {
    status: 403,
    title: "Temporarily blocked for policies violations",
    details: "The account has been restricted.",
  },
  80007: { status: 400, title: "Rate limit issues", details: "The account has reached its rate limit." },
  130429: {
    status: 400,
    title: "Rate limit hit",
    details: "Too many messages were sent from this phone number in a short period of time.",
  },
  131000: {
    status: 500,
    title: "Something went wrong",
    details: "Message failed to send due to an unknown error.",
  },
  131016: { status: 500, title: "Service unavailable", details: "A service is temporarily unavailable." },
  131026: {
    status: 400,
    title: "Message undeliverable",
    details: "The recipient's number is not on WhatsApp, or its app is too old.",
  },
  131031: {
    status: 403,
    title: "Account has been locked",
    details: "The account was restricted or disabled.",
  },
  131042: {
    status: 400,
    title: "Business eligibility payment issue",
    details: "There was an error related to your payment method.",
  },
  131047: {
    status: 400,
    title: "Re-engagement message",
    details: "More than 24 hours have passed since the customer last replied.",
  },
  131048: {
    status: 400,
    title: "Spam rate limit hit",
    details: "There are restrictions on how many messages can be sent from this phone number.",
  },
  131049: {
    status: 400,
    title: "Meta chose not to deliver",
    details: "Not delivered to maintain healthy ecosystem engagement.",
  },
  131056: {
    status: 400,
    title: "(Business Account, Consumer Account) pair rate limit hit",
    details: "Too many messages to the same phone number in a short period of time.",
  },
  133010: {
    status: 400,
    title: "Phone number not registered",
    details: "The phone number is not registered on the platform.",
  },
} as const satisfies Record<number, Refusal>;

export type MetaCode = keyof typeof REFUSALS;

/** The envelope of the Graph API around one of them. */
export function refusalOf(code: MetaCode, details?: string): { status: number; body: object } {
  const { status, title, details: usual } = REFUSALS[code];
  return {
    status,
    body: {
      error: {
        message: `(#${code}) ${title}`,
        type: "OAuthException",
        code,
        error_data: { messaging_product: "whatsapp", details: details ?? usual },
        fbtrace_id: "AtraceOfNothing",
      },
    },
  };
}

/** As a status of a message that was accepted and failed later tells it. */
export const failureOf = (code: MetaCode): object => ({
  code,
  title: REFUSALS[code].title,
  message: REFUSALS[code].title,
  error_data: { details: REFUSALS[code].details },
});

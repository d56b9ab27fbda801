import { z } from "zod";

/** What an agent may do: an admin sees to accounts too. */
export const accountRole = z.enum(["agent", "admin"]);
export type AccountRole = z.output<typeof accountRole>;

export const PASSWORD_MIN = 12;
const PASSWORD_MAX = 256;
const EMAIL_MAX = 254;

/** As it is kept and compared: in lower case. */
export const email = z
  .string()
  .max(EMAIL_MAX)
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => /^[^\s@]+@[^\s@]+$/.test(text), { message: "must be an e-mail address" })
  .meta({ examples: ["ana@fio.example"] });

export const newPassword = z
  .string()
  .min(PASSWORD_MIN, { message: `must have at least ${PASSWORD_MIN} characters` })
  .max(PASSWORD_MAX);

/** One who signs in; never with what proves it. */
export const account = z
  .object({ id: z.uuid(), email: z.string(), name: z.string(), role: accountRole })
  .meta({ id: "Account" });
export type Account = z.output<typeof account>;

const device = {
  address: z.string().max(64).meta({ description: "Of the browser: sign-in is limited by it." }),
  browser: z
    .string()
    .max(200)
    .default("")
    .meta({ description: "Its `User-Agent`, for the list of sessions." }),
};

/** Whatever is no address or no password is refused as a wrong one is. */
export const signInBody = z.object({
  email: z.string().max(EMAIL_MAX * 4),
  password: z.string().max(PASSWORD_MAX * 4),
  ...device,
});
export type SignInBody = z.input<typeof signInBody>;

const linkKey = z.string().max(100).meta({ description: "Of the link that `npm run agent` printed." });
export const linkBody = z.object({ key: linkKey });
export const acceptLinkBody = z.object({ key: linkKey, password: newPassword, ...device });
export type AcceptLinkBody = z.input<typeof acceptLinkBody>;

/** Of who is signed in; `current` proves it once more. */
export const changePasswordBody = z.object({
  current: z.string().max(PASSWORD_MAX * 4),
  password: newPassword,
  ...device,
});
export type ChangePasswordBody = z.input<typeof changePasswordBody>;

/** Signing in by an issuer of identities begins here, and goes on at `url` in the same browser. */
export const beginOidcBody = z.object({
  redirect_uri: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .meta({ description: "Where the issuer sends the browser back to: as it is registered there." }),
  address: device.address,
});
export type BeginOidcBody = z.input<typeof beginOidcBody>;
export const begunOidc = z
  .object({
    url: z.string().meta({ description: "Where the browser goes." }),
    flow: z
      .string()
      .meta({ description: "A secret of the browser that began; it works once, for ten minutes." }),
  })
  .meta({ id: "BegunOidc" });
export type BegunOidc = z.output<typeof begunOidc>;
/** How long a sign-in by an issuer may take. */
export const OIDC_FLOW_SECONDS = 600;

export const finishOidcBody = z.object({
  flow: z.string().max(100),
  url: z
    .url({ protocol: /^https?$/ })
    .max(8_000)
    .meta({ description: "Where the browser came back to, with all that the issuer added." }),
  ...device,
});
export type FinishOidcBody = z.input<typeof finishOidcBody>;

/** `token` is told once, here. */
export const signedIn = z.object({ token: z.string(), account }).meta({ id: "SignedIn" });
export type SignedIn = z.output<typeof signedIn>;

/** After a right password of an account with a second factor. `step` is told once, to the browser that signs in. */
export const secondStep = z
  .object({
    step: z.string().meta({ description: "For `POST /sessions/second`, once, within five minutes." }),
  })
  .meta({ id: "SecondStep" });
export type SecondStep = z.output<typeof secondStep>;
/** How long a code may take. */
export const SECOND_STEP_SECONDS = 300;

const code = z
  .string()
  .max(100)
  .meta({ description: "Six digits of the app, or a recovery code; spaces and hyphens do not count." });
export const secondStepBody = z.object({ step: z.string().max(100), code, ...device });
export type SecondStepBody = z.input<typeof secondStepBody>;

const givenPassword = z.string().max(PASSWORD_MAX * 4);
export const beginSecondFactorBody = z.object({ password: givenPassword, address: device.address });
export type BeginSecondFactorBody = z.input<typeof beginSecondFactorBody>;
export const confirmSecondFactorBody = z.object({ code, address: device.address });
export type ConfirmSecondFactorBody = z.input<typeof confirmSecondFactorBody>;
export const endSecondFactorBody = z.object({ password: givenPassword, code, address: device.address });
export type EndSecondFactorBody = z.input<typeof endSecondFactorBody>;

/** Of who asks. */
export const secondFactor = z
  .object({ on: z.boolean(), recovery_codes_left: z.int() })
  .meta({ id: "SecondFactor" });
export type SecondFactor = z.output<typeof secondFactor>;
export const begunSecondFactor = z
  .object({
    uri: z.string().meta({ description: "`otpauth://totp/…`, for a QR code. Told here alone." }),
    secret: z.string().meta({ description: "The same secret, in base 32, to be typed." }),
  })
  .meta({ id: "BegunSecondFactor" });
export type BegunSecondFactor = z.output<typeof begunSecondFactor>;
export const recoveryCodes = z
  .object({ recovery_codes: z.array(z.string()).meta({ description: "Each works once. Told here alone." }) })
  .meta({ id: "RecoveryCodes" });
export type RecoveryCodes = z.output<typeof recoveryCodes>;

const time = z.iso.datetime();
export const session = z
  .object({
    id: z.uuid(),
    created_at: time,
    seen_at: time.meta({ description: "To a minute." }),
    browser: z.string(),
    current: z.boolean(),
  })
  .meta({ id: "Session" });
export type Session = z.output<typeof session>;

export const currentSession = z
  .object({
    account,
    session_id: z.uuid(),
    sees: z.enum(["all", "own"]).meta({
      description: "`own`: only conversations that the agent has, or nobody (`AGENTS_SEE=own`).",
    }),
  })
  .meta({ id: "CurrentSession" });
export type CurrentSession = z.output<typeof currentSession>;

export const sessionPath = z.object({
  id: z.union([z.literal("current"), z.uuid()]).meta({ description: "`current`: the one that asks." }),
});

/** How long a session lasts at most. */
export const SESSION_SECONDS = 7 * 86_400;

/** The request header with a session's token. */
export const SESSION_HEADER = "fio-session";

/** An account as admins see it. `no_password`: its link was not used yet. */
export const accountRow = account
  .extend({ state: z.enum(["active", "no_password", "disabled"]), second_factor: z.boolean() })
  .meta({ id: "AccountRow" });
export type AccountRow = z.output<typeof accountRow>;

/** One who can be given a conversation, as colleagues know them. */
export const agent = account
  .pick({ id: true, name: true })
  .meta({ id: "Agent", description: "An account that can be signed in to." });
export type Agent = z.output<typeof agent>;

export const newAccount = z.object({
  email,
  name: z.string().trim().min(1).max(100),
  role: accountRole.default("agent"),
});
export type NewAccount = z.output<typeof newAccount>;

/** What an admin changes of another's account. */
const accountChange = z.enum(["disable", "enable", "end-sessions", "reset", "take-off-second-factor"]);
export type AccountChange = z.output<typeof accountChange>;
export const accountChangePath = z.object({ id: z.uuid(), change: accountChange });

const toldOnce = z
  .string()
  .meta({ description: "Of the link `/welcome?key=…`, which works once. Told here alone." });
export const addedAccount = z.object({ account, key: toldOnce }).meta({ id: "AddedAccount" });
export type AddedAccount = z.output<typeof addedAccount>;
export const changedAccount = z
  .object({ key: toldOnce.nullable().meta({ description: "After `reset`, else `null`." }) })
  .meta({ id: "ChangedAccount" });
export type ChangedAccount = z.output<typeof changedAccount>;

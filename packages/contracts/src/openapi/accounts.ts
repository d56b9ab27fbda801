import { z } from "zod";
import type { ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from "zod-openapi";
import { auditEntry, auditNote } from "../audit.ts";
import { auditQuery } from "../reading.ts";
import {
  acceptLinkBody,
  account,
  agent,
  accountChangePath,
  accountRow,
  addedAccount,
  beginOidcBody,
  begunOidc,
  changedAccount,
  changePasswordBody,
  currentSession,
  finishOidcBody,
  linkBody,
  newAccount,
  secondStep,
  session,
  sessionPath,
  SESSION_HEADER,
  signedIn,
  signInBody,
} from "../account.ts";
import { problems, retryAfter } from "./parts.ts";

const ID = "0198a5c6-1df2-4b7e-9c57-5a1d0f6f3f01";
export const ana = { id: ID, email: "ana@fio.example", name: "Ana Lima", role: "agent" };
export const TOKEN = "4jR0oJvYVZb5pQ0b8e0m1y5mG0XGk5pQm2q0x0h4u0w";

export const ofSession = {
  header: z.object({ [SESSION_HEADER]: z.string().meta({ description: "A token of `POST /sessions`." }) }),
};
export const json = (description: string, schema: z.ZodType, example: unknown) => ({
  description,
  content: { "application/json": { schema, example } },
});
export const body = (schema: z.ZodType, example: unknown) => ({
  content: { "application/json": { schema, example } },
});
export const invalid = problems("The body is not JSON, or a field is not valid.", [
  "MALFORMED_JSON",
  "INVALID_PARAMETER",
]);
export const tooLarge = problems("The body is over 16 KiB.", ["BODY_TOO_LARGE"]);
export const tooMany = problems(
  "Too many attempts for this account or from this address.",
  ["TOO_MANY_ATTEMPTS"],
  {
    headers: z.object({ "retry-after": retryAfter }),
  },
);
export const busy = problems(
  "Too many passwords are being checked, or the store cannot be reached.",
  ["TOO_MANY_SIGN_INS", "STORE_UNAVAILABLE"],
  { headers: z.object({ "retry-after": retryAfter }) },
);
export const ended = problems("The bearer token is wrong, or the session has ended.", [
  "UNAUTHORIZED",
  "SESSION_ENDED",
]);
const noAdmin = problems("The session is of no admin.", ["NOT_AN_ADMIN"]);
const issuerFails = problems("The issuer did not answer, or what it answered cannot be used.", [
  "OIDC_AWAY",
  "OIDC_FAILED",
]);
const oidcOff = problems("No issuer is set (`OIDC_ISSUER`).", ["OIDC_OFF"]);
export const device = { address: "192.0.2.1", browser: "Mozilla/5.0" };

const codeWanted = json("The password is right; a code is to follow.", secondStep, { step: TOKEN });

/** Of sign-in, which the web app asks for. `common`: problems of every data route. */
export const accountPaths = (common: ZodOpenApiResponsesObject): ZodOpenApiPathsObject => ({
  "/agents": {
    get: {
      tags: ["Accounts"],
      summary: "List who can be given a conversation",
      operationId: "listAgents",
      description: "For whoever is signed in: the accounts that can be signed in to, by name.",
      requestParams: ofSession,
      responses: {
        ...common,
        200: json("The agents.", z.array(agent), [{ id: ID, name: "Ana Lima" }]),
        401: ended,
      },
    },
  },
  "/sessions": {
    post: {
      tags: ["Sign-in"],
      summary: "Sign in",
      operationId: "signIn",
      description:
        "A wrong password, an unknown and a disabled account cannot be told apart. Attempts are limited by account and by " +
        "address. Where the account has a second factor, the session begins with its code: `POST /sessions/second`.",
      requestBody: body(signInBody, { email: ana.email, password: "what only Ana knows", ...device }),
      responses: {
        ...common,
        201: json("A session; its token is told only here.", signedIn, { token: TOKEN, account: ana }),
        202: codeWanted,
        400: invalid,
        401: problems("Refused.", ["UNAUTHORIZED", "SIGN_IN_REFUSED"]),
        413: tooLarge,
        429: tooMany,
        503: busy,
      },
    },
    get: {
      tags: ["Sign-in"],
      summary: "List the sessions of the account",
      operationId: "listSessions",
      requestParams: ofSession,
      responses: {
        ...common,
        200: json("Those that have not ended, the last used first.", z.array(session), [
          {
            id: ID,
            created_at: "2026-11-29T08:00:00.000Z",
            seen_at: "2026-11-29T09:30:00.000Z",
            browser: device.browser,
            current: true,
          },
        ]),
        401: ended,
      },
    },
  },
  "/sessions/current": {
    get: {
      tags: ["Sign-in"],
      summary: "Read whose session it is",
      operationId: "readSession",
      requestParams: ofSession,
      responses: {
        ...common,
        200: json("Who is signed in.", currentSession, { account: ana, session_id: ID, sees: "all" }),
        401: ended,
      },
    },
  },
  "/sessions/current/password": {
    post: {
      tags: ["Sign-in"],
      summary: "Change the account's own password",
      operationId: "changePassword",
      description:
        "By the current one. All sessions of the account end, and the one that asks goes on under a new token. Attempts count " +
        "as those of signing in do.",
      requestParams: ofSession,
      requestBody: body(changePasswordBody, {
        current: "what only Ana knows",
        password: "what only Ana knows from now on",
        ...device,
      }),
      responses: {
        ...common,
        201: json("It is changed; the new token is told only here.", signedIn, {
          token: TOKEN,
          account: ana,
        }),
        400: problems("The body is not JSON, a field is not valid, or the new password is a common one.", [
          "MALFORMED_JSON",
          "INVALID_PARAMETER",
          "PASSWORD_COMMON",
        ]),
        401: ended,
        403: problems("The current password is another one.", ["PASSWORD_WRONG"]),
        413: tooLarge,
        429: tooMany,
        503: busy,
      },
    },
  },
  "/sessions/{id}": {
    delete: {
      tags: ["Sign-in"],
      summary: "End a session of the account",
      operationId: "endSession",
      requestParams: { ...ofSession, path: sessionPath },
      responses: {
        ...common,
        204: { description: "It has ended." },
        401: ended,
        404: problems("The account has no such session.", ["SESSION_NOT_FOUND"]),
      },
    },
  },
  "/accounts": {
    get: {
      tags: ["Accounts"],
      summary: "List accounts",
      operationId: "listAccounts",
      requestParams: ofSession,
      responses: {
        ...common,
        200: json("All, by e-mail address.", z.array(accountRow), [
          { ...ana, state: "active", second_factor: true },
        ]),
        401: ended,
        403: noAdmin,
      },
    },
    post: {
      tags: ["Accounts"],
      summary: "Add an account",
      operationId: "addAccount",
      description: "Its owner sets a password by the link, within 72 hours.",
      requestParams: ofSession,
      requestBody: body(newAccount, { email: ana.email, name: ana.name, role: "agent" }),
      responses: {
        ...common,
        201: json("It has an account.", addedAccount, { account: ana, key: TOKEN }),
        400: invalid,
        401: ended,
        403: noAdmin,
        409: problems("The address has an account.", ["ACCOUNT_EXISTS"]),
        413: tooLarge,
      },
    },
  },
  "/accounts/{id}/{change}": {
    post: {
      tags: ["Accounts"],
      summary:
        "Disable or enable an account, end its sessions, give it a new link, or take its second factor off",
      operationId: "changeAccount",
      description:
        "`disable` and `end-sessions` take effect within a minute, on open streams too. `reset` takes the password and all " +
        "sessions away and gives a link; a second factor stays, until `take-off-second-factor`.",
      requestParams: { ...ofSession, path: accountChangePath },
      responses: {
        ...common,
        200: json("It is so now.", changedAccount, { key: TOKEN }),
        401: ended,
        403: noAdmin,
        404: problems("There is no such account.", ["ACCOUNT_NOT_FOUND"]),
        409: problems("It is the admin's own, or disabled.", ["ACCOUNT_OWN", "ACCOUNT_DISABLED"]),
      },
    },
  },
  "/audit": {
    get: {
      tags: ["Accounts"],
      summary: "Read who did what, newest first",
      operationId: "readAudit",
      description: "The next page is in the `Link` header. Lines are only ever added.",
      requestParams: { ...ofSession, query: auditQuery },
      responses: {
        ...common,
        200: json("A page of it.", z.array(auditEntry), [
          {
            id: ID,
            at: "2026-11-29T08:00:00.000Z",
            action: "close",
            actor: { id: ID, name: ana.name },
            account: null,
            conversation_id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a",
            detail: null,
          },
        ]),
        400: problems("A parameter is not valid.", ["INVALID_PARAMETER"]),
        401: ended,
        403: noAdmin,
      },
    },
    post: {
      tags: ["Accounts"],
      summary: "Note what the agent who is signed in did",
      operationId: "noteAudit",
      description: "For what reaches Fio as an event, which does not say who asked for it.",
      requestParams: ofSession,
      requestBody: body(auditNote, { action: "close", conversation: "6a41b347-8d80-4ce9-84ba-7af66f369f6a" }),
      responses: {
        ...common,
        204: { description: "It is written." },
        400: invalid,
        401: ended,
        413: tooLarge,
      },
    },
  },
  "/sign-in-oidc/begin": {
    post: {
      tags: ["Sign-in"],
      summary: "Begin to sign in by the issuer of identities",
      operationId: "beginOidc",
      description: "OpenID Connect, by an authorization code with PKCE. Attempts are limited by address.",
      requestBody: body(beginOidcBody, {
        redirect_uri: "https://fio.example/sign-in/oidc/callback",
        address: device.address,
      }),
      responses: {
        ...common,
        201: json("It is begun; the flow is told only here.", begunOidc, {
          url: "https://id.example/authorize?client_id=fio&response_type=code",
          flow: TOKEN,
        }),
        400: invalid,
        404: oidcOff,
        413: tooLarge,
        424: issuerFails,
        429: tooMany,
        503: busy,
      },
    },
  },
  "/sign-in-oidc/finish": {
    post: {
      tags: ["Sign-in"],
      summary: "Sign in by what the issuer of identities answered, once",
      operationId: "finishOidc",
      description:
        "The issuer's name for somebody decides whose account it is. The first time it is the account of the e-mail address that the " +
        "issuer vouches for, or a new one where `OIDC_ALLOWED_DOMAINS` has its domain.",
      requestBody: body(finishOidcBody, {
        flow: TOKEN,
        url: "https://fio.example/sign-in/oidc/callback?code=c0de&state=of-the-flow",
        ...device,
      }),
      responses: {
        ...common,
        201: json("A session; its token is told only here.", signedIn, { token: TOKEN, account: ana }),
        400: invalid,
        401: problems("It was begun elsewhere, was used or is too old.", ["UNAUTHORIZED", "OIDC_ENDED"]),
        403: problems("Not let in.", ["OIDC_DENIED", "OIDC_NO_ACCOUNT", "OIDC_UNVERIFIED"]),
        404: oidcOff,
        413: tooLarge,
        424: issuerFails,
        503: busy,
      },
    },
  },
  "/sign-in-links/look-up": {
    post: {
      tags: ["Sign-in"],
      summary: "Read whose link it is",
      operationId: "readSignInLink",
      requestBody: body(linkBody, { key: TOKEN }),
      responses: {
        ...common,
        200: json("Whose password it sets.", account, ana),
        400: invalid,
        404: problems("It is unknown, was used or is too old.", ["LINK_USED"]),
        413: tooLarge,
      },
    },
  },
  "/sign-in-links/accept": {
    post: {
      tags: ["Sign-in"],
      summary: "Set a password by a link, once, and sign in",
      operationId: "acceptSignInLink",
      requestBody: body(acceptLinkBody, { key: TOKEN, password: "what only Ana knows", ...device }),
      responses: {
        ...common,
        201: json("A session; its token is told only here.", signedIn, { token: TOKEN, account: ana }),
        202: {
          ...codeWanted,
          description: "The password is set; the code of the second factor is to follow.",
        },
        400: problems("The body is not JSON, a field is not valid, or the password is a common one.", [
          "MALFORMED_JSON",
          "INVALID_PARAMETER",
          "PASSWORD_COMMON",
        ]),
        404: problems("It is unknown, was used or is too old.", ["LINK_USED"]),
        413: tooLarge,
        429: tooMany,
        503: busy,
      },
    },
  },
});

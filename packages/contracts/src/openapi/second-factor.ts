import type { ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from "zod-openapi";
import {
  beginSecondFactorBody,
  begunSecondFactor,
  confirmSecondFactorBody,
  endSecondFactorBody,
  recoveryCodes,
  secondFactor,
  secondStepBody,
  signedIn,
} from "../account.ts";
import {
  ana,
  body,
  busy,
  device,
  ended,
  invalid,
  json,
  ofSession,
  TOKEN,
  tooLarge,
  tooMany,
} from "./accounts.ts";
import { problems } from "./parts.ts";

const PASSWORD = "what only Ana knows";
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const off = problems("There is none, or it was begun too long ago.", ["SECOND_FACTOR_OFF"]);
const wrongCode = problems("The code is wrong, or was used before.", ["CODE_WRONG"]);
const { address } = device;

/** Of the second factor: codes by time (RFC 6238), of an app on the telephone. `common`: problems of every data route. */
export const secondFactorPaths = (common: ZodOpenApiResponsesObject): ZodOpenApiPathsObject => ({
  "/sessions/second": {
    post: {
      tags: ["Sign-in"],
      summary: "Go on to sign in, by a code of the second factor",
      operationId: "signInByCode",
      description:
        "After a right password. A code works once, a recovery code too. Attempts are limited by account, apart from those of " +
        "the password.",
      requestBody: body(secondStepBody, { step: TOKEN, code: "492039", ...device }),
      responses: {
        ...common,
        201: json("A session; its token is told only here.", signedIn, { token: TOKEN, account: ana }),
        400: invalid,
        401: problems("The password is too long ago, or was used.", ["UNAUTHORIZED", "SECOND_STEP_ENDED"]),
        403: wrongCode,
        413: tooLarge,
        429: tooMany,
      },
    },
  },
  "/sessions/current/second-factor": {
    get: {
      tags: ["Sign-in"],
      summary: "Read whether the account has a second factor",
      operationId: "readSecondFactor",
      requestParams: ofSession,
      responses: {
        ...common,
        200: json("Whether it has.", secondFactor, { on: true, recovery_codes_left: 10 }),
        401: ended,
      },
    },
  },
  "/sessions/current/second-factor/begin": {
    post: {
      tags: ["Sign-in"],
      summary: "Begin to switch the second factor on",
      operationId: "beginSecondFactor",
      description: "By the password. It is on once a code confirms it, within 15 minutes.",
      requestParams: ofSession,
      requestBody: body(beginSecondFactorBody, { password: PASSWORD, address }),
      responses: {
        ...common,
        201: json("Its secret.", begunSecondFactor, {
          uri: `otpauth://totp/Fio:${encodeURIComponent(ana.email)}?issuer=Fio&secret=${SECRET}`,
          secret: SECRET,
        }),
        400: invalid,
        401: ended,
        403: problems("The password is another one.", ["PASSWORD_WRONG"]),
        409: problems("It is on.", ["SECOND_FACTOR_ON"]),
        413: tooLarge,
        429: tooMany,
        503: busy,
      },
    },
  },
  "/sessions/current/second-factor/confirm": {
    post: {
      tags: ["Sign-in"],
      summary: "Switch the second factor on, by its first code",
      operationId: "confirmSecondFactor",
      requestParams: ofSession,
      requestBody: body(confirmSecondFactorBody, { code: "492039", address }),
      responses: {
        ...common,
        201: json("It is on.", recoveryCodes, {
          recovery_codes: ["K7QX-2M4N-P5RT-6VWZ-3ABC-4DEF", "5GHI-6JKL-Q2RS-T3UV-W4XY-Z5AB"],
        }),
        400: invalid,
        401: ended,
        403: wrongCode,
        409: off,
        413: tooLarge,
        429: tooMany,
      },
    },
  },
  "/sessions/current/second-factor/end": {
    post: {
      tags: ["Sign-in"],
      summary: "Switch the second factor off, by the password and a code",
      operationId: "endSecondFactor",
      requestParams: ofSession,
      requestBody: body(endSecondFactorBody, { password: PASSWORD, code: "492039", address }),
      responses: {
        ...common,
        204: { description: "It is off." },
        400: invalid,
        401: ended,
        403: problems("The password or the code is wrong.", ["PASSWORD_WRONG", "CODE_WRONG"]),
        409: off,
        413: tooLarge,
        429: tooMany,
        503: busy,
      },
    },
  },
});

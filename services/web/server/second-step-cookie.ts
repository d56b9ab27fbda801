import { SECOND_STEP_SECONDS } from "@fio/contracts";
import { cookieOf } from "../app/device/cookies.ts";

const nameOf = (secure: boolean): string => (secure ? "__Host-fio_step" : "fio_step");

const written = (value: string, { secure, seconds }: { secure: boolean; seconds: number }): string =>
  `${nameOf(secure)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;

/** By it the browser that gave the right password is known again when it gives the code. No script and no other site's page has it. */
export const secondStepCookie = {
  of: (request: Request, { secure }: { secure: boolean }): string | null => {
    const value = cookieOf(request.headers.get("cookie"), nameOf(secure));
    return value !== null && /^[\w-]{43}$/.test(value) ? value : null;
  },
  set: (step: string, { secure }: { secure: boolean }): string =>
    written(step, { secure, seconds: SECOND_STEP_SECONDS }),
  clear: ({ secure }: { secure: boolean }): string => written("", { secure, seconds: 0 }),
};

import { SECOND_STEP_SECONDS } from "@fio/contracts";
import { tokenCookie } from "./own-cookie.ts";

/** By it the browser that gave the right password is known again when it gives the code. */
export const secondStepCookie = tokenCookie({
  name: "fio_step",
  sameSite: "Strict",
  seconds: SECOND_STEP_SECONDS,
});

import { SESSION_SECONDS } from "@fio/contracts";
import { tokenCookie } from "./own-cookie.ts";

/** The cookie of a session. */
export const sessionCookie = tokenCookie({ name: "fio_session", sameSite: "Lax", seconds: SESSION_SECONDS });

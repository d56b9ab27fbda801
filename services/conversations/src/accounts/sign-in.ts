import type { Account } from "@fio/contracts";

/** Of whoever signs in. */
export type Device = { address: string; browser: string };
export type SignIn =
  | { kind: "signed in"; token: string; account: Account }
  /** The password is right; a code of the second factor is wanted, with `step`. */
  | { kind: "code"; step: string }
  | { kind: "refused" }
  /** `retryAfter` in seconds. */
  | { kind: "limited"; retryAfter: number }
  /** Nothing was looked at, nor counted. */
  | { kind: "busy"; retryAfter: number };
export type Busy = Extract<SignIn, { kind: "busy" }>;

import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { hashOfToken } from "./tokens.ts";

const STEP_SECONDS = 30;
const RECOVERY_CODES = 10;

const totp = (secret: string, label?: string): TOTP =>
  new TOTP({
    issuer: "Fio",
    ...(label === undefined ? {} : { label }),
    ...{ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: STEP_SECONDS },
  });

/** 160 random bits, as RFC 4226 asks for, in base 32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** What an app of codes reads from a QR code. */
export const uriOf = (secret: string, email: string): string => totp(secret, email).toString();

/** Spaces, hyphens and case are the reader's. */
export const tidied = (code: string): string => code.replaceAll(/[\s-]/g, "").toUpperCase();

export const isOfApp = (tidy: string): boolean => /^\d{6}$/.test(tidy);

/**
 * Of which 30 seconds since 1970 a code is, those of `now` or the ones beside them, as clocks differ; `null`: of none.
 * otpauth compares in constant time.
 */
export function stepOf(tidy: string, { secret, now }: { secret: string; now: number }): number | null {
  if (!isOfApp(tidy)) return null;
  const delta = totp(secret).validate({ token: tidy, timestamp: now, window: 1 });
  return delta === null ? null : Math.floor(now / (STEP_SECONDS * 1_000)) + delta;
}

/** Of 120 random bits each, in six groups. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ buffer: new Uint8Array(randomBytes(15)).buffer }).base32.replaceAll(/.{4}(?=.)/g, "$&-"),
  );

/**
 * SHA-256 and not scrypt: nobody chose it, and 120 random bits cannot be gone through. Of the account too, so that two hashes tell
 * nothing of each other.
 */
export const hashOfRecoveryCode = (accountId: string, code: string): string =>
  hashOfToken(`recovery ${accountId} ${tidied(code)}`);

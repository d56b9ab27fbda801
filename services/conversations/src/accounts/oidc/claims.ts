import { email as emailShape } from "@fio/contracts";

type Claims = Readonly<Record<string, unknown>>;

const GOOGLE = "https://accounts.google.com";

/**
 * The address that the issuer vouches for, as it is kept here; `null`: there is none, or the issuer does not say that it is
 * theirs. Google says so of anybody who once had the address, but of its own domains and those that it hosts it knows.
 * Entra never says `email_verified`, but `xms_edov` where the tenant owns the domain.
 */
export function verifiedEmail(claims: Claims): string | null {
  const parsed = emailShape.safeParse(claims["email"]);
  if (!parsed.success || !isSameAscii(String(claims["email"]).trim(), parsed.data)) return null;
  const isSaid = isTrue(claims["email_verified"]) || isTrue(claims["xms_edov"]);
  const isKnown =
    claims["iss"] !== GOOGLE || typeof claims["hd"] === "string" || domainOf(parsed.data) === "gmail.com";
  return isSaid && isKnown ? parsed.data : null;
}

/** The Kelvin sign becomes a `k` in lower case: an address of another mailbox would be taken for a colleague's. */
const isSameAscii = (given: string, kept: string): boolean => asciiOf(given).toLowerCase() === asciiOf(kept);
const asciiOf = (text: string): string => text.replace(/[^!-~]/g, "");

/** Some issuers write it as text or as a number. */
const isTrue = (claim: unknown): boolean => [true, "true", 1, "1"].includes(claim as boolean);

export const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1);

/** Spaces, what no database holds, and what turns the reading of all that follows around. */
const UNSEEN = /[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/** As colleagues see them. */
export function nameOf(claims: Claims, email: string): string {
  const called = typeof claims["name"] === "string" ? claims["name"].replace(UNSEEN, " ").trim() : "";
  const whole = called === "" ? email.slice(0, email.lastIndexOf("@")) : called;
  // Where it is cut no half of a sign stays: nobody could write under such a name.
  return whole
    .toWellFormed()
    .slice(0, 100)
    .replace(/[\ud800-\udbff]$/, "")
    .trim();
}

import { createHmac } from "node:crypto";

/**
 * What goes with one sign-in by an issuer, from the browser's own secret: so the store keeps nothing of it, and another
 * browser's answer does not fit.
 */
export function secretsOf(flow: string): { state: string; nonce: string; verifier: string } {
  const derived = (what: string): string => createHmac("sha256", flow).update(what).digest("base64url");
  return { state: derived("state"), nonce: derived("nonce"), verifier: derived("verifier") };
}

/** Whether an issuer's answer is to this sign-in: of another tab's, or made up by a stranger, it says another state, or none. */
export function isAnswerTo(flow: string, url: string): boolean {
  const states = URL.canParse(url) ? new URL(url).searchParams.getAll("state") : [];
  return states.length === 1 && states[0] === secretsOf(flow).state;
}

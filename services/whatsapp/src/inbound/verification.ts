import { tokenMatcher } from "@fio/service/secrets";

/** What Meta asks before it sends anything: it wants its challenge back from whoever knows the token that it was given. */
export function createVerification(tokens: readonly string[]): (query: URLSearchParams) => string | null {
  const isToken = tokenMatcher(tokens);
  return (query) => {
    const challenge = query.get("hub.challenge");
    const isAsked = query.get("hub.mode") === "subscribe" && challenge !== null;
    return isAsked && isToken(query.get("hub.verify_token") ?? "") ? challenge : null;
  };
}

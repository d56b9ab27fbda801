import { signInPath } from "../names/paths.ts";

/** Whoever is signed in no more goes to sign in, and comes back here: what was typed is kept by this browser. */
export function leaveWhenSignedOut(): void {
  const plain = fetch;
  globalThis.fetch = async (...given) => {
    const answer = await plain(...given);
    if (answer.status === 401) location.assign(signInPath(location.pathname + location.search));
    return answer;
  };
}

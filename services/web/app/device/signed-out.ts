import { signInPath } from "../names/paths.ts";
import { ACCOUNT, ACCOUNT_HEADER } from "./account.ts";

/** Who is signed in by this browser: gone with a sign-out. */
export const PRESENT = "fio.account";

const isOthers = (): boolean => {
  try {
    return localStorage.getItem(PRESENT) !== ACCOUNT;
  } catch {
    return false;
  }
};

/**
 * Every request says whose page it is. One that is refused for it is told by `out`; a page that was asked for gives way to
 * sign-in. When an agent signs out, or another signs in, nothing of the first stays on any tab's screen.
 */
export function minding(out: () => void): void {
  if (ACCOUNT === "") return;
  const plain = fetch;
  globalThis.fetch = async (...given) => {
    const request = new Request(...given);
    request.headers.set(ACCOUNT_HEADER, ACCOUNT);
    const answer = await plain(request);
    if (answer.status === 401) {
      if (new URL(request.url).pathname.endsWith(".data"))
        location.assign(signInPath(location.pathname + location.search));
      else out();
    }
    return answer;
  };
  try {
    localStorage.setItem(PRESENT, ACCOUNT);
  } catch {
    // Nothing is kept, for nobody.
  }
  const look = (): void => {
    if (isOthers()) location.reload();
  };
  addEventListener("storage", ({ key }) => key === PRESENT && look());
  // From the back/forward cache.
  addEventListener("pageshow", ({ persisted }) => persisted && look());
}

import { useState } from "react";
import { handleOf } from "@fio/contracts/handle";
import { conversationPath, NEW, PATHS } from "../names/paths.ts";
import { useTranslation } from "../i18n/context.tsx";
import { useSignInWords } from "./entry-page.tsx";
import { forgetOwn, unsentHere } from "./unsent.ts";

const SHOWN = 5;

/** Signs out; what this browser keeps of the agent's goes with them, and where something of it was not sent that is said first. */
export function SignOut() {
  const words = useSignInWords();
  const { language } = useTranslation();
  const [unsent, setUnsent] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  const leave = async (): Promise<void> => {
    setBusy(true);
    setFailed(false);
    const answer = await fetch(PATHS.account, {
      method: "POST",
      body: new URLSearchParams({ end: "current" }),
      redirect: "manual",
      signal: AbortSignal.timeout(15_000),
    }).catch(() => null);
    // 401: the session was over before.
    if (answer === null || (answer.type !== "opaqueredirect" && !answer.ok && answer.status !== 401)) {
      setFailed(true);
      setBusy(false);
      return;
    }
    await forgetOwn();
    location.assign(PATHS.signIn);
  };
  const ask = async (): Promise<void> => {
    const found = await unsentHere();
    if (found.length === 0) await leave();
    else setUnsent(found);
  };
  const named = (id: string): string => {
    if (id === NEW) return words.begun;
    const { name, tail } = handleOf(id);
    return `${name} ${tail}`;
  };

  return (
    <>
      {failed && (
        <p className="entry-fault" role="alert">
          {words.notLeft}
        </p>
      )}
      {unsent === null ? (
        <form
          method="post"
          action={PATHS.account}
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          <button className="btn solid" name="end" value="current" disabled={busy}>
            {words.signOut}
          </button>
        </form>
      ) : (
        <section className="entry-ask" role="alert">
          <h2>{words.unsent}</h2>
          <p>{words.unsentHint}</p>
          <ul>
            {unsent.slice(0, SHOWN).map((id) => (
              <li key={id}>
                <a href={conversationPath(id)}>{named(id)}</a>
              </li>
            ))}
          </ul>
          {unsent.length > SHOWN && (
            <p>{words.others.replace("#", (unsent.length - SHOWN).toLocaleString(language))}</p>
          )}
          <div className="entry-ways">
            <button type="button" className="btn" autoFocus onClick={() => setUnsent(null)}>
              {words.stay}
            </button>
            <button type="button" className="btn danger" disabled={busy} onClick={() => void leave()}>
              {words.signOutAll}
            </button>
          </div>
        </section>
      )}
    </>
  );
}

import { useLocation } from "@remix-run/react";
import { signInPath } from "../names/paths.ts";
import { useSignInWords } from "./entry-page.tsx";

/** Over a page whose agent is signed in no more: what stands on it stays, and what was written too. */
export default function SignedOut() {
  const words = useSignInWords();
  const { pathname, search } = useLocation();
  return (
    <div className="signed-out" role="alert">
      <p>
        <strong>{words.ended}</strong> {words.endedHint}
      </p>
      <a className="btn solid" href={signInPath(pathname + search)}>
        {words.again}
      </a>
    </div>
  );
}

import { PATHS } from "../names/paths.ts";
import { useSignInWords } from "./entry-page.tsx";
import { NewPassword } from "./new-password.tsx";
import type { SignInWords } from "./words.ts";

export type PasswordFault = "refused" | "invalid" | "common" | "limited" | "away";

const TOLD = {
  refused: "passwordWrong",
  invalid: "invalid",
  common: "common",
  limited: "limited",
  away: "passwordAway",
} as const satisfies Record<PasswordFault, keyof SignInWords>;

/** Stands open where something is to be told. `email`: for password managers. */
export function ChangePassword({ email, fault }: { email: string; fault: PasswordFault | null }) {
  const words = useSignInWords();
  return (
    <details open={fault !== null}>
      <summary className="btn">{words.changePassword}</summary>
      {fault !== null && (
        <p className="entry-fault" role="alert">
          {words[TOLD[fault]]}
        </p>
      )}
      <form method="post" action={PATHS.account}>
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <label>
          {words.currentPassword}
          <input name="current" type="password" autoComplete="current-password" maxLength={256} required />
        </label>
        <NewPassword more={words.changePasswordHint} />
        <button className="btn solid" name="change" value="password">
          {words.changeButton}
        </button>
      </form>
    </details>
  );
}

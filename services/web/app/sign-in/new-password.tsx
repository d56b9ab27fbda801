import { useSignInWords } from "./entry-page.tsx";

/** The field for a password that is set, with what it has to be; `more` is told beside that. */
export function NewPassword({ more = "" }: { more?: string }) {
  const words = useSignInWords();
  return (
    <>
      <label>
        {words.newPassword}
        <input
          name="password"
          type="password"
          autoComplete="new-password"
          aria-describedby="password-hint"
          minLength={12}
          maxLength={256}
          required
        />
      </label>
      <p id="password-hint">
        {words.passwordHint} {more}
      </p>
    </>
  );
}

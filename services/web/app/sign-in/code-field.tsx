/** Six digits of an app on the telephone, or, with `recovery`, a code of letters too. */
export function CodeField({
  label,
  recovery = false,
  autoFocus = false,
}: {
  label: string;
  recovery?: boolean;
  autoFocus?: boolean;
}) {
  return (
    <label>
      {label}
      <input
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="off"
        spellCheck={false}
        inputMode={recovery ? "text" : "numeric"}
        maxLength={40}
        autoFocus={autoFocus}
        required
      />
    </label>
  );
}

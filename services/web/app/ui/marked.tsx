/** Without case and accents, one character for each. */
export const foldText = (text: string): string =>
  Array.from(text.normalize("NFC"), (character) =>
    character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(),
  ).join("");

/** The text with the first occurrence of the query marked. */
export function Marked({ text, query }: { text: string; query: string }) {
  const shown = text.normalize("NFC");
  const folded = foldText(shown);
  const wanted = foldText(query.trim());
  const at = wanted === "" || folded.length !== shown.length ? -1 : folded.indexOf(wanted);
  if (at < 0) return <>{text}</>;
  return (
    <>
      {shown.slice(0, at)}
      <mark>{shown.slice(at, at + wanted.length)}</mark>
      {shown.slice(at + wanted.length)}
    </>
  );
}

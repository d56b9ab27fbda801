import { firstIn } from "@fio/contracts/search";

/** The text with the first occurrence of the query marked. */
export function Marked({ text, query }: { text: string; query: string }) {
  const found = firstIn(text, query.trim());
  if (found === null) return <>{text}</>;
  return (
    <>
      {text.slice(0, found.from)}
      <mark>{text.slice(found.from, found.to)}</mark>
      {text.slice(found.to)}
    </>
  );
}

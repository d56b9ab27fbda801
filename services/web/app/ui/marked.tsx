import { firstIn, matchesIn } from "@fio/contracts/search";

/** The text with the first occurrence of the query marked, or else those of its words. */
export function Marked({ text, query }: { text: string; query: string }) {
  const whole = firstIn(text, query.trim());
  const pieces: React.ReactNode[] = [];
  let at = 0;
  for (const { from, to } of whole === null ? matchesIn(text, query) : [whole]) {
    pieces.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  return (
    <>
      {pieces}
      {text.slice(at)}
    </>
  );
}

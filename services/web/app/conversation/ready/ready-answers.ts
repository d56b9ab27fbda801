import { fold } from "@fio/contracts/search";
import { MAX_CONTENT_UNITS } from "@fio/contracts/limits";
import { kept } from "../../device/kept.ts";
import { randomId } from "../../names/id.ts";
import { isBlank } from "../../text/blank.ts";

export type ReadyAnswer = {
  id: string;
  /** By what it is found; may be empty: then its text says it. */
  title: string;
  text: string;
};

export const TITLE_UNITS = 60;
const MOST_ANSWERS = 1_000;

/** This browser's ready answers, in the agent's order. */
export const readyAnswers = kept<readonly ReadyAnswer[]>({
  key: "fio.ready",
  read: (text) => (text === null ? [] : (answersIn(text) ?? [])),
  write: (answers) => (answers.length === 0 ? null : JSON.stringify(answers)),
});

export const newAnswer = ({ title, text }: { title: string; text: string }): ReadyAnswer => ({
  id: randomId(),
  ...tidied({ title, text }),
});

export const tidied = ({ title, text }: { title: string; text: string }) => ({
  title: title.trim().slice(0, TITLE_UNITS),
  text,
});

/** As they are exported: any other browser reads them in. */
export const fileOf = (answers: readonly ReadyAnswer[]): string =>
  JSON.stringify(
    { fio: "ready-answers", answers: answers.map(({ title, text }) => ({ title, text })) },
    null,
    1,
  );

/** What a file or this browser's memory holds; `null` when it is nothing of this kind. What makes no answer is left out. */
export function answersIn(json: string): ReadyAnswer[] | null {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return null;
  }
  const list: unknown = Array.isArray(read) ? read : (read as { answers?: unknown } | null)?.answers;
  if (!Array.isArray(list)) return null;
  return list
    .filter(
      (each: unknown): each is { id?: unknown; title?: unknown; text: string } =>
        typeof each === "object" && each !== null && "text" in each && isText(each.text),
    )
    .slice(0, MOST_ANSWERS)
    .map(({ id, title, text }) => {
      const answer = newAnswer({ title: typeof title === "string" ? title : "", text });
      return typeof id === "string" ? { ...answer, id } : answer;
    });
}

const isText = (value: unknown): boolean =>
  typeof value === "string" && value.length <= MAX_CONTENT_UNITS && !isBlank(value);

/** Those of a file below one's own; the same answer is not taken twice. */
export function withImported(own: readonly ReadyAnswer[], read: readonly ReadyAnswer[]): ReadyAnswer[] {
  const known = new Set(own.map(sameness));
  const added = read.filter((each) => !known.has(sameness(each)) && known.add(sameness(each)));
  return [...own, ...added].slice(0, MOST_ANSWERS);
}
const sameness = ({ title, text }: ReadyAnswer): string => `${title}\n${text}`;

/** The answer one place up or down. */
export function moved(answers: readonly ReadyAnswer[], id: string, by: -1 | 1): readonly ReadyAnswer[] {
  const from = answers.findIndex((each) => each.id === id);
  const [one, other] = [answers[from], answers[from + by]];
  if (one === undefined || other === undefined) return answers;
  return answers.with(from, other).with(from + by, one);
}

/** Those that hold all words of a query, first those whose title begins with it; else in the agent's order. */
export function fitting(answers: readonly ReadyAnswer[], query: string): readonly ReadyAnswer[] {
  const wanted = fold(query.trim());
  if (wanted === "") return answers;
  const words = wanted.split(/\s+/u);
  const fits = answers.filter(({ title, text }) => {
    const folded = fold(`${title} ${text}`);
    return words.every((word) => folded.includes(word));
  });
  const begins = ({ title }: ReadyAnswer): boolean => fold(title).startsWith(wanted);
  return [...fits.filter(begins), ...fits.filter((each) => !begins(each))];
}

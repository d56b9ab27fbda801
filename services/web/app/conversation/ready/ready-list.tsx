import { useEffect, useId, useState, type MutableRefObject, type RefObject } from "react";
import { Settings2 } from "lucide-react";
import { useWords } from "../../i18n/later.ts";
import { useKept } from "../../device/kept.ts";
import { oneLine } from "../../text/one-line.ts";
import { Icon } from "../../ui/icons.tsx";
import { insertText } from "../../ui/insert-text.ts";
import { Marked } from "../../ui/marked.tsx";
import { filled } from "./fill-in.ts";
import { fitting, readyAnswers } from "./ready-answers.ts";
import { READY_WORDS } from "./ready-words.ts";
import type { ReadyKeys } from "./ready-keys.ts";

const MOST_SHOWN = 50;
const NONE: readonly never[] = [];

/** The ready answers that fit what is typed after `/`. The focus stays in the field, whose keys come here first. */
export default function ReadyList({
  field,
  query,
  name,
  keys,
  close,
  manage,
  placed,
}: {
  field: RefObject<HTMLTextAreaElement | null>;
  query: string;
  /** The customer's; `null` where it is not known. */
  name: string | null;
  keys: MutableRefObject<ReadyKeys | null>;
  close: () => void;
  manage: () => void;
  /** An answer stands in the field. */
  placed: () => void;
}) {
  const say = useWords(READY_WORDS);
  const id = useId();
  const own = useKept(readyAnswers, NONE);
  const answers = fitting(own, query).slice(0, MOST_SHOWN);
  const [at, setAt] = useState({ query, index: 0 });
  const index = at.query === query ? Math.min(at.index, answers.length) : 0;
  const fillIn = (text: string): string => filled(text, { name, hour: new Date().getHours() });

  const choose = (which: number): void => {
    const [answer, element] = [answers[which], field.current];
    // The slash and what was looked for go, whatever was chosen.
    if (element !== null) {
      const text = answer === undefined ? "" : fillIn(answer.text);
      insertText(element, text, { from: 0, to: element.value.length });
    }
    close();
    if (answer === undefined) manage();
    else setTimeout(placed, 0);
  };
  keys.current = (key) => {
    const count = answers.length + 1;
    if (key === "ArrowDown") setAt({ query, index: (index + 1) % count });
    else if (key === "ArrowUp") setAt({ query, index: (index + count - 1) % count });
    else if (key === "Enter" || key === "Tab") {
      // What is not found is not taken for the wish to make it: nothing happens, and nothing is sent.
      if (answers.length > 0 || own.length === 0 || at.query === query) choose(index);
    } else return false;
    return true;
  };
  useEffect(() => () => void (keys.current = null), [keys]);

  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.setAttribute("aria-autocomplete", "list");
    element.setAttribute("aria-controls", id);
    element.addEventListener("blur", close);
    return () => {
      element.removeEventListener("blur", close);
      for (const each of ["aria-autocomplete", "aria-controls", "aria-activedescendant"])
        element.removeAttribute(each);
    };
  }, [field, id, close]);
  useEffect(() => {
    field.current?.setAttribute("aria-activedescendant", `${id}-${index}`);
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: "nearest" });
  }, [field, id, index]);

  const option = (which: number) => ({
    id: `${id}-${which}`,
    role: "option",
    "aria-selected": which === index,
    onPointerMove: () => setAt({ query, index: which }),
    onClick: () => choose(which),
  });
  return (
    // A press here leaves the focus in the field.
    <div className="ready" onMouseDown={(event) => event.preventDefault()}>
      <p className="sr" role="status">
        {say("found", { count: answers.length })}
      </p>
      {answers.length === 0 && (
        <p className="ready-none">
          {own.length === 0 ? say("empty") : say("none", { q: query.trim() })}
          {own.length === 0 && <span>{say("emptyHint")}</span>}
        </p>
      )}
      <ul id={id} role="listbox" aria-label={say("list")}>
        {answers.map((answer, which) => (
          <li key={answer.id} {...option(which)}>
            {answer.title !== "" && (
              <strong>
                <Marked text={answer.title} query={query} />
              </strong>
            )}
            <bdi>{oneLine(fillIn(answer.text).slice(0, 300))}</bdi>
          </li>
        ))}
        <li className="ready-manage" {...option(answers.length)}>
          <Icon of={Settings2} />
          {say("manage")}
        </li>
      </ul>
    </div>
  );
}

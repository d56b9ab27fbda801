import { useRef, useState } from "react";
import { MAX_CONTENT_UNITS } from "@fio/contracts/limits";
import { useWords } from "../../i18n/later.ts";
import { isBlank } from "../../text/blank.ts";
import { insertText } from "../../ui/insert-text.ts";
import { TITLE_UNITS, type ReadyAnswer } from "./ready-answers.ts";
import { READY_WORDS } from "./ready-words.ts";

/** One ready answer: its short name and its text. */
export function ReadyForm({
  answer,
  save,
  cancel,
}: {
  answer: ReadyAnswer | null;
  save: (given: { title: string; text: string }) => void;
  cancel: () => void;
}) {
  const say = useWords(READY_WORDS);
  const [title, setTitle] = useState(answer?.title ?? "");
  const [text, setText] = useState(answer?.text ?? "");
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <form
      className="ready-form"
      onSubmit={(event) => {
        event.preventDefault();
        // The page around it has forms of its own.
        event.stopPropagation();
        setMissing(isBlank(text));
        if (isBlank(text)) field.current?.focus();
        else save({ title, text });
      }}
    >
      <label htmlFor="ready-title">{say("name")}</label>
      <input
        id="ready-title"
        value={title}
        maxLength={TITLE_UNITS}
        autoFocus
        autoComplete="off"
        aria-describedby="ready-title-hint"
        onChange={({ target }) => setTitle(target.value)}
      />
      <p className="fine" id="ready-title-hint">
        {say("nameHint")}
      </p>
      <label htmlFor="ready-text">{say("text")}</label>
      <textarea
        ref={field}
        id="ready-text"
        rows={5}
        value={text}
        maxLength={MAX_CONTENT_UNITS}
        dir="auto"
        aria-invalid={missing}
        aria-describedby={missing ? "ready-missing" : "ready-fill"}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit();
        }}
      />
      {missing && (
        <p className="fine over" id="ready-missing" role="alert">
          {say("required")}
        </p>
      )}
      <p className="ready-chips">
        {say("fill")}
        {(["nome", "saudacao"] as const).map((each) => (
          <button
            key={each}
            type="button"
            className="btn sm"
            onClick={() => field.current !== null && insertText(field.current, say(each))}
          >
            {say(each)}
          </button>
        ))}
      </p>
      <p className="fine" id="ready-fill">
        {say("fillHint")}
      </p>
      <div className="acts end">
        <button type="button" className="btn" onClick={cancel}>
          {say("cancel")}
        </button>
        <button className="btn solid">{say("save")}</button>
      </div>
    </form>
  );
}

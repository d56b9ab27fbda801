import { useRef, useState } from "react";
import { ArrowDown, ArrowUp, Download, Pencil, Plus, Trash2, Upload, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useKept } from "../../device/kept.ts";
import { useWords } from "../../i18n/later.ts";
import { oneLine } from "../../text/one-line.ts";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import {
  answersIn,
  fileOf,
  moved,
  newAnswer,
  readyAnswers,
  tidied,
  withImported,
  type ReadyAnswer,
} from "./ready-answers.ts";
import { ReadyForm } from "./ready-form.tsx";
import { READY_WORDS } from "./ready-words.ts";

const NONE: readonly never[] = [];
const FILE_NAME = "respostas-prontas.json";

/** Makes, changes, orders and removes ready answers, and takes them from one browser to another. */
export default function ReadyDialog({ close }: { close: () => void }) {
  const say = useWords(READY_WORDS);
  const answers = useKept(readyAnswers, NONE);
  const [edited, setEdited] = useState<ReadyAnswer | "new" | null>(null);
  /** As they were before one was removed, until something else is done. */
  const [before, setBefore] = useState<readonly ReadyAnswer[] | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const set = (next: readonly ReadyAnswer[]): void => {
    setBefore(null);
    if (!readyAnswers.set(next)) toast(say("full"), { kind: "bad" });
  };
  const remove = (answer: ReadyAnswer): void => {
    set(answers.filter(({ id }) => id !== answer.id));
    setBefore(answers);
  };
  const take = async (chosen: File): Promise<void> => {
    const read = answersIn(await chosen.text());
    if (read === null) {
      toast(say("notReady"), { kind: "bad" });
      return;
    }
    // An id of another browser says nothing here.
    const next = withImported(answers, read.map(newAnswer));
    const count = next.length - answers.length;
    set(next);
    if (count === 0) toast(say("importedNone"), { kind: "note" });
    else toast(say("imported", { count }), { kind: "done" });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer">
          <Dialog.Content
            className="dialog sheet ready-sheet"
            aria-describedby={undefined}
            onCloseAutoFocus={(event) => event.preventDefault()}
            // What is being written is not lost by a click beside it.
            onPointerDownOutside={(event) => edited !== null && event.preventDefault()}
            onEscapeKeyDown={(event) => {
              if (edited === null) return;
              event.preventDefault();
              setEdited(null);
            }}
          >
            <header className="dlg-head">
              <Dialog.Title asChild>
                <h2>{say("title")}</h2>
              </Dialog.Title>
              <Dialog.Close className="btn icon quiet" aria-label={say("close")}>
                <Icon of={X} />
              </Dialog.Close>
            </header>
            {edited === null ? (
              <>
                <Answers {...{ answers, set, remove, edit: setEdited }} />
                <p className="ready-removed" role="status">
                  {before !== null && (
                    <>
                      {say("removed")}
                      <button type="button" className="btn sm" autoFocus onClick={() => set(before)}>
                        {say("undo")}
                      </button>
                    </>
                  )}
                </p>
                <footer className="dlg-foot">
                  <span className="acts">
                    <button type="button" className="btn sm quiet" onClick={() => file.current?.click()}>
                      <Icon of={Upload} />
                      {say("import")}
                    </button>
                    <input
                      ref={file}
                      className="ready-file"
                      type="file"
                      accept="application/json,.json"
                      aria-label={say("import")}
                      tabIndex={-1}
                      onChange={({ currentTarget }) => {
                        const [chosen] = currentTarget.files ?? [];
                        if (chosen !== undefined) void take(chosen);
                        currentTarget.value = "";
                      }}
                    />
                    {answers.length > 0 && (
                      <button type="button" className="btn sm quiet" onClick={() => save(answers)}>
                        <Icon of={Download} />
                        {say("export")}
                      </button>
                    )}
                  </span>
                  {/* First, and again once one is written; Enter on it writes nothing and removes nothing. */}
                  <button type="button" className="btn sm solid" autoFocus onClick={() => setEdited("new")}>
                    <Icon of={Plus} />
                    {say("new")}
                  </button>
                </footer>
              </>
            ) : (
              <ReadyForm
                answer={edited === "new" ? null : edited}
                cancel={() => setEdited(null)}
                save={(given) => {
                  const next = tidied(given);
                  set(
                    edited === "new"
                      ? [...answers, newAnswer(next)]
                      : answers.map((each) => (each.id === edited.id ? { ...each, ...next } : each)),
                  );
                  setEdited(null);
                }}
              />
            )}
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Answers({
  answers,
  set,
  remove,
  edit,
}: {
  answers: readonly ReadyAnswer[];
  set: (next: readonly ReadyAnswer[]) => void;
  remove: (answer: ReadyAnswer) => void;
  edit: (answer: ReadyAnswer) => void;
}) {
  const say = useWords(READY_WORDS);
  if (answers.length === 0) {
    return (
      <div className="blank small">
        <h3>{say("empty")}</h3>
        <p>{say("emptyHint")}</p>
        <button
          type="button"
          className="btn"
          onClick={() =>
            set(([1, 2, 3] as const).map((n) => example(say(`example${n}`), say(`example${n}Text`))))
          }
        >
          {say("examples")}
        </button>
      </div>
    );
  }
  return (
    <>
      <p className="ready-intro">{say("intro")}</p>
      <ul className="ready-answers" tabIndex={0} aria-label={say("list")}>
        {answers.map((answer, index) => {
          const title = answer.title === "" ? oneLine(answer.text.slice(0, 30)) : answer.title;
          const act = (
            label: "up" | "down" | "edit" | "remove",
            icon: typeof X,
            run: () => void,
            off = false,
          ) => (
            <button
              type="button"
              className="btn icon quiet sm"
              aria-label={say(label, { title })}
              aria-disabled={off}
              onClick={run}
            >
              <Icon of={icon} />
            </button>
          );
          return (
            <li key={answer.id}>
              <span className="ready-text">
                <strong>{title}</strong>
                <bdi>{oneLine(answer.text.slice(0, 200))}</bdi>
              </span>
              {act("up", ArrowUp, () => set(moved(answers, answer.id, -1)), index === 0)}
              {act("down", ArrowDown, () => set(moved(answers, answer.id, 1)), index === answers.length - 1)}
              {act("edit", Pencil, () => edit(answer))}
              {act("remove", Trash2, () => remove(answer))}
            </li>
          );
        })}
      </ul>
    </>
  );
}

const example = (title: string, text: string): ReadyAnswer => newAnswer({ title, text });

function save(answers: readonly ReadyAnswer[]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([fileOf(answers)], { type: "application/json" }));
  link.download = FILE_NAME;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useKept } from "../../device/kept.ts";
import { useWords, type LaterWords } from "../../i18n/later.ts";
import { insertText } from "../../ui/insert-text.ts";
import { emojiFor, noteEmoji, recentEmoji } from "./find-emoji.ts";

const pt = {
  label: "Emoji",
  find: "Buscar emoji",
  none: "Nenhum emoji com “{{q}}”",
  recent: "Usados recentemente",
  faces: "Rostos",
  hands: "Mãos e pessoas",
  hearts: "Corações e festa",
  orders: "Pedidos e coisas",
  places: "Lugares e tempo",
  food: "Comida",
  signs: "Sinais",
} as const;
const EMOJI_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    label: "Emoji",
    find: "Find an emoji",
    none: "No emoji for “{{q}}”",
    recent: "Recently used",
    faces: "Faces",
    hands: "Hands and people",
    hearts: "Hearts and parties",
    orders: "Orders and things",
    places: "Places and weather",
    food: "Food",
    signs: "Signs",
  },
};
const NONE: readonly string[] = [];

/** By words or by arrows; Enter puts one where the cursor was, with Shift the next one can follow at once. */
export default function EmojiPanel({
  field,
  close,
}: {
  field: RefObject<HTMLTextAreaElement | null>;
  close: () => void;
}) {
  const say = useWords(EMOJI_WORDS);
  const [query, setQuery] = useState("");
  // What is chosen meanwhile moves nothing under the pointer.
  const [recent] = useState(useKept(recentEmoji, NONE));
  const search = useRef<HTMLInputElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const groups = emojiFor(query, recent);
  const first = groups[0]?.emoji[0]?.emoji;
  // Before the next key.
  useLayoutEffect(() => search.current?.focus(), []);

  const leave = (): void => {
    close();
    field.current?.focus();
  };
  const choose = (emoji: string, { more }: { more: boolean }): void => {
    if (field.current === null) return;
    noteEmoji(emoji);
    insertText(field.current, emoji);
    if (more) search.current?.focus();
    else close();
  };
  const move = (by: { x: number } | { y: number }): void => {
    const buttons = [...(panel.current?.getElementsByTagName("button") ?? [])];
    const at = buttons.findIndex((each) => each === document.activeElement);
    if ("x" in by || at < 0) return buttons[at + ("x" in by ? by.x : 1)]?.focus();
    // The nearest of the next row, which may be another group's.
    const from = buttons[at]?.getBoundingClientRect();
    if (from === undefined) return;
    const ahead = buttons
      .map((button) => ({ button, at: button.getBoundingClientRect() }))
      .filter(({ at }) => (by.y > 0 ? at.top > from.top + 4 : at.top < from.top - 4));
    const row = ahead.map(({ at }) => at.top).sort((a, b) => (a - b) * by.y)[0] ?? NaN;
    const next = ahead
      .filter(({ at }) => Math.abs(at.top - row) < 4)
      .sort((a, b) => Math.abs(a.at.left - from.left) - Math.abs(b.at.left - from.left))[0];
    if (next !== undefined) next.button.focus();
    else if (by.y < 0) search.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    const typing = event.target === search.current;
    const acts: Record<string, (() => void) | undefined> = {
      Escape: leave,
      ArrowDown: () => move({ y: 1 }),
      ArrowUp: typing ? undefined : () => move({ y: -1 }),
      ArrowRight: typing ? undefined : () => move({ x: 1 }),
      ArrowLeft: typing ? undefined : () => move({ x: -1 }),
      Enter: typing ? () => first !== undefined && choose(first, { more: event.shiftKey }) : undefined,
    };
    const act = acts[event.key];
    // Nothing in here is for the field or the page around.
    event.stopPropagation();
    if (act === undefined || event.nativeEvent.isComposing) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      ref={panel}
      className="emoji-panel"
      role="dialog"
      aria-label={say("label")}
      onKeyDown={press}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget !== field.current && !currentTarget.contains(relatedTarget)) close();
      }}
    >
      <input
        ref={search}
        type="search"
        aria-label={say("find")}
        placeholder={say("find")}
        value={query}
        autoComplete="off"
        onChange={({ target }) => setQuery(target.value)}
      />
      <div className="emoji-groups">
        {groups.map(({ group, emoji }) => (
          <section key={group} aria-label={say(group)}>
            <h3 aria-hidden="true">{say(group)}</h3>
            <div className="emoji-grid">
              {emoji.map((each) => (
                <button
                  key={each.emoji}
                  type="button"
                  aria-label={`${each.emoji} ${each.words.split(" ")[0] ?? ""}`}
                  // Tab goes to the first, arrows to the others.
                  tabIndex={each.emoji === first ? 0 : -1}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={(event) => choose(each.emoji, { more: event.shiftKey })}
                >
                  {each.emoji}
                </button>
              ))}
            </div>
          </section>
        ))}
        {groups.length === 0 && <p role="status">{say("none", { q: query.trim() })}</p>}
      </div>
    </div>
  );
}

import { fold } from "@fio/contracts/search";
import { kept } from "../../device/kept.ts";
import { EMOJI, EMOJI_GROUPS, type Emoji, type EmojiGroup } from "./emoji-data.ts";

const MOST_RECENT = 14;

/** What this browser chose last, newest first. */
export const recentEmoji = kept<readonly string[]>({
  key: "fio.emoji",
  read: (text) => (text === null ? [] : text.split(" ").slice(0, MOST_RECENT)),
  write: (recent) => (recent.length === 0 ? null : recent.join(" ")),
});

export const noteEmoji = (emoji: string): void =>
  void recentEmoji.set([emoji, ...recentEmoji.get().filter((each) => each !== emoji)].slice(0, MOST_RECENT));

export type Shown = { group: EmojiGroup | "recent"; emoji: readonly Emoji[] };

/** The groups with what fits: every word typed begins a word of the emoji, in either language. */
export function emojiFor(query: string, recent: readonly string[]): Shown[] {
  const wanted = fold(query.trim()).split(/\s+/u).filter(Boolean);
  const fits = ({ emoji, words }: Emoji): boolean =>
    wanted.every((word) => ` ${words}`.includes(` ${word}`) || emoji === word);
  const groups: Shown[] = EMOJI_GROUPS.map((group) => ({ group, emoji: EMOJI[group].filter(fits) }));
  if (wanted.length === 0) {
    const all = new Map(EMOJI_GROUPS.flatMap((group) => EMOJI[group].map((each) => [each.emoji, each])));
    groups.unshift({ group: "recent", emoji: recent.flatMap((each) => all.get(each) ?? []) });
  }
  return groups.filter(({ emoji }) => emoji.length > 0);
}

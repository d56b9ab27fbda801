import type { TextName } from "../i18n/i18n.ts";

/** Where the sheet lists a command. */
export const GROUPS = ["conversations", "here", "writing", "general"] as const;

export type Command = {
  label: TextName;
  group: (typeof GROUPS)[number];
  /**
   * Each way to call it: `e`; `Mod+k`, held together, where Mod is Ctrl or ⌘; `g c`, one after the other. Without one
   * only the palette, a menu or a button calls it.
   */
  keys: readonly string[];
  /** Where its keys mean it: outside of fields, in the field to answer in, or wherever the focus is. */
  where: "page" | "field" | "anywhere";
  /** Goes on while the key is held down. */
  repeats?: true;
  /** Only where agents sign in. */
  signedIn?: true;
};

/**
 * All that keys can do, in the order in which the sheet tells it. The keyboard, the sheet, the palette and the titles
 * of buttons read this table and nothing else; what a command does is said by whoever is on the page: `useCommand`.
 */
export const KEYMAP = {
  next: {
    label: "shortcuts.next",
    group: "conversations",
    keys: ["j", "ArrowDown"],
    where: "page",
    repeats: true,
  },
  previous: {
    label: "shortcuts.previous",
    group: "conversations",
    keys: ["k", "ArrowUp"],
    where: "page",
    repeats: true,
  },
  longest: { label: "none.nextUnread", group: "conversations", keys: ["u"], where: "page" },
  new: { label: "list.new", group: "conversations", keys: ["n"], where: "page" },
  goto: { label: "list.goto", group: "conversations", keys: ["/"], where: "page" },
  heldBack: { label: "list.held.show", group: "conversations", keys: ["."], where: "page" },
  waiting: { label: "list.waiting", group: "conversations", keys: ["1"], where: "page" },
  open: { label: "list.open", group: "conversations", keys: ["2"], where: "page" },
  closed: { label: "list.closed", group: "conversations", keys: ["3"], where: "page" },
  all: { label: "list.all", group: "conversations", keys: ["4"], where: "page" },
  ofMine: { label: "list.mine", group: "conversations", keys: ["g m"], where: "page", signedIn: true },
  ofNobody: { label: "list.nobodys", group: "conversations", keys: ["g n"], where: "page", signedIn: true },
  ofAll: { label: "list.everybodys", group: "conversations", keys: ["g a"], where: "page", signedIn: true },

  reply: { label: "palette.reply", group: "here", keys: ["r"], where: "page" },
  simulate: { label: "simulate.start", group: "here", keys: ["s"], where: "page" },
  take: { label: "convo.take", group: "here", keys: ["p"], where: "page", signedIn: true },
  give: { label: "convo.give", group: "here", keys: ["a"], where: "page", signedIn: true },
  giveBack: { label: "convo.giveBack", group: "here", keys: ["b"], where: "page", signedIn: true },
  close: { label: "convo.close", group: "here", keys: ["e"], where: "page" },
  sendAgain: { label: "shortcuts.sendAgain", group: "here", keys: ["t"], where: "page" },
  writeAgain: { label: "shortcuts.writeAgain", group: "here", keys: ["w"], where: "page" },
  copy: { label: "convo.menu.copy", group: "here", keys: ["c"], where: "page" },
  copyConversation: { label: "copy.conversation", group: "here", keys: [], where: "page" },
  details: { label: "convo.details", group: "here", keys: ["d"], where: "page" },
  hideDetails: { label: "details.hide", group: "here", keys: ["Escape"], where: "page" },
  jump: { label: "thread.jump", group: "here", keys: ["g d"], where: "page" },
  newest: { label: "shortcuts.last", group: "here", keys: ["End"], where: "page" },

  send: { label: "composer.send", group: "writing", keys: ["Enter"], where: "field" },
  sendAndNext: { label: "composer.sendAndNext", group: "writing", keys: ["Mod+Enter"], where: "field" },
  breakLine: { label: "shortcuts.break", group: "writing", keys: ["Shift+Enter"], where: "field" },
  ready: { label: "composer.ready", group: "writing", keys: ["/"], where: "field" },
  emoji: { label: "composer.emoji", group: "writing", keys: ["Mod+."], where: "field" },
  leave: { label: "shortcuts.leave", group: "writing", keys: ["Escape"], where: "field" },

  palette: { label: "nav.commands", group: "general", keys: ["Mod+k"], where: "anywhere" },
  conversations: { label: "nav.conversations", group: "general", keys: ["g c"], where: "page" },
  rejections: { label: "nav.rejections", group: "general", keys: ["g r"], where: "page" },
  search: { label: "nav.search", group: "general", keys: ["g s"], where: "page" },
  sheet: { label: "shortcuts.title", group: "general", keys: ["?"], where: "page" },
  manageReady: { label: "composer.ready.manage", group: "general", keys: [], where: "page" },
  account: { label: "nav.account", group: "general", keys: [], where: "page" },
  theme: { label: "palette.theme", group: "general", keys: [], where: "page" },
  language: { label: "palette.language", group: "general", keys: [], where: "page" },
  reconnect: { label: "live.reconnect", group: "general", keys: [], where: "page" },
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof KEYMAP;

export const commandOf = (id: CommandId): Command => KEYMAP[id];
export const COMMANDS = Object.keys(KEYMAP) as CommandId[];

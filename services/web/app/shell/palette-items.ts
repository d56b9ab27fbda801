import {
  CalendarDays,
  CircleSlash,
  ClipboardList,
  Copy,
  FlaskConical,
  Hand,
  Keyboard,
  Languages,
  Lock,
  MessageSquarePlus,
  MessageSquareReply,
  MessagesSquare,
  Moon,
  NotepadText,
  PanelRight,
  PenLine,
  RefreshCw,
  Search,
  User,
  UserRoundCheck,
  UserRoundX,
  Users,
  type LucideIcon,
} from "lucide-react";
import { firstIn } from "@fio/contracts/search";
import type { T } from "../i18n/i18n.ts";
import { commandOf, COMMANDS, type CommandId } from "../keys/keymap.ts";

export type PaletteItem = { id: CommandId; label: string; icon: LucideIcon; ofPage: boolean };

const ICONS: Partial<Record<CommandId, LucideIcon>> = {
  reply: PenLine,
  simulate: FlaskConical,
  take: Hand,
  give: UserRoundCheck,
  giveBack: UserRoundX,
  ofMine: User,
  ofNobody: UserRoundX,
  ofAll: Users,
  close: Lock,
  copy: Copy,
  copyConversation: ClipboardList,
  details: PanelRight,
  jump: CalendarDays,
  manageReady: NotepadText,
  longest: MessageSquareReply,
  new: MessageSquarePlus,
  conversations: MessagesSquare,
  rejections: CircleSlash,
  search: Search,
  sheet: Keyboard,
  account: User,
  theme: Moon,
  language: Languages,
  reconnect: RefreshCw,
};

/** Where the palette has one group, the sheet has two. */
const OF_PAGE: ReadonlySet<string> = new Set(["here", "writing"]);

/** Whether a text holds what is looked for; everything does while nothing is. */
export const fitsQuery = (text: string, query: string): boolean =>
  query.trim() === "" || firstIn(text, query.trim()) !== null;

/** The commands that have a place in the palette and can be done now, by their names: in the order of the keymap. */
export const paletteItems = (
  query: string,
  { t, offers }: { t: T; offers: (id: CommandId) => boolean },
): PaletteItem[] =>
  COMMANDS.flatMap((id) => {
    const icon = ICONS[id];
    const { label, group } = commandOf(id);
    const item = icon === undefined ? null : { id, label: t(label), icon, ofPage: OF_PAGE.has(group) };
    return item !== null && offers(id) && fitsQuery(item.label, query) ? [item] : [];
  });

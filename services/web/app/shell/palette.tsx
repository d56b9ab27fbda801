import { useNavigate } from "@remix-run/react";
import {
  CalendarDays,
  CircleSlash,
  ClipboardList,
  Copy,
  FlaskConical,
  Hash,
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
  X,
  type LucideIcon,
} from "lucide-react";
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import type { ConversationRow } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { useStore } from "../store/context.tsx";
import { compareRows } from "../store/list.ts";
import { firstIn } from "@fio/contracts/search";
import { handleOf } from "@fio/contracts/handle";
import { idIn } from "../names/id.ts";
import { Marked } from "../ui/marked.tsx";
import { useNamed } from "../search/use-named.ts";
import { Avatar } from "../ui/avatar.tsx";
import { command, offers } from "../keys/commands.ts";
import { holdKeys } from "../keys/held-keys.ts";
import { KeyCaps } from "../keys/key-caps.tsx";
import { commandOf, COMMANDS, type CommandId } from "../keys/keymap.ts";
import { conversationPath, PATHS, withQuery } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";
import { oneLine } from "../text/one-line.ts";

const MOST_CONVERSATIONS = 6;

type Item = { id: CommandId; label: string };

/** What the palette offers, when something on the page does it: in the order of the keymap. */
const ICONS: Partial<Record<CommandId, LucideIcon>> = {
  reply: PenLine,
  simulate: FlaskConical,
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
  theme: Moon,
  language: Languages,
  reconnect: RefreshCw,
};

/** Where the palette has one group, the sheet has two. */
const HERE: ReadonlySet<string> = new Set(["here", "writing"]);

function focusEnd(field: HTMLInputElement | null): void {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

/** Every command by name, and every conversation by its name, its tail or its id. */
export default function Palette({
  query,
  setQuery,
  close,
}: {
  query: string;
  setQuery: (query: string) => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const store = useStore();
  const pasted = idIn(query);
  const wanted = query.trim();
  const fits = (text: string): boolean => wanted === "" || firstIn(text, wanted) !== null;
  const done = (run: () => void) => () => {
    // What is typed next is for what is opened, not for the field that had the focus before.
    const end = holdKeys({ letters: "held", isReady: () => true, callOff: () => {} });
    close();
    // After the dialog has given the focus back, so that what runs may take it.
    setTimeout(() => {
      run();
      end();
    }, 0);
  };
  const items: Item[] = COMMANDS.filter((id) => ICONS[id] !== undefined && offers(id))
    .map((id) => ({ id, label: t(commandOf(id).label) }))
    .filter(({ label }) => fits(label));
  const isOfPage = ({ id }: Item): boolean => HERE.has(commandOf(id).group);
  const named = useNamed(query);
  const isNamed = ({ id }: ConversationRow): boolean => {
    const { name, tail } = handleOf(id);
    return fits(`${name} ${tail}`);
  };
  const loaded = wanted === "" ? [] : [...store.rows()].sort(compareRows);
  // What the store adds comes below: the row that Enter opens stays the same one.
  const byName = [
    ...new Map(
      [...loaded.filter(isNamed).slice(0, MOST_CONVERSATIONS), ...named].map((row) => [row.id, row]),
    ).values(),
  ];
  // Whoever types a word that names nobody looks for the word: these are a glimpse, below the search for it.
  const byLastMessage = loaded
    .filter((row) => byName.every(({ id }) => id !== row.id) && fits(row.last_message_preview ?? ""))
    .slice(0, MOST_CONVERSATIONS);
  const open = (id: string): (() => void) => done(() => navigate(conversationPath(id)));
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer" />
        <Dialog.Content
          className="palette-place"
          aria-label={t("palette.label")}
          aria-describedby={undefined}
          // At once, with the cursor after what was typed for it while it was loaded: Radix would select that.
          onOpenAutoFocus={(event) => event.preventDefault()}
          // Where it goes back to is known to the layers.
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <Dialog.Title className="sr">{t("palette.label")}</Dialog.Title>
          <Command
            className="dialog palette"
            label={t("palette.field")}
            shouldFilter={false}
            vimBindings={false}
            loop
          >
            <div className="p-input">
              <Icon of={Search} />
              <Command.Input
                ref={focusEnd}
                value={query}
                onValueChange={setQuery}
                placeholder={t("palette.placeholder")}
              />
              <button type="button" className="btn sm quiet" aria-label={t("palette.close")} onClick={close}>
                <kbd>Esc</kbd>
                <span className="phone-only">
                  <Icon of={X} />
                </span>
              </button>
            </div>
            <Command.List className="p-list" label={t("palette.results")}>
              {pasted !== null && (
                <Command.Item
                  value={`id ${pasted}`}
                  onSelect={done(() => navigate(conversationPath(pasted)))}
                >
                  <Icon of={Hash} />
                  <span className="p-label">{t("palette.openId", { id: handleOf(pasted).name })}</span>
                </Command.Item>
              )}
              <Group heading={t("palette.here")} items={items.filter(isOfPage)} query={query} done={done} />
              <Conversations heading={t("palette.conversations")} rows={byName} query={query} open={open} />
              <Group
                heading={t("palette.goto")}
                items={items.filter((item) => !isOfPage(item))}
                query={query}
                done={done}
              />
              {wanted !== "" && pasted === null && (
                <Command.Item
                  value="search"
                  onSelect={done(() => navigate(withQuery(PATHS.search, { q: wanted })))}
                >
                  <Icon of={Search} />
                  <span className="p-label">{t("palette.searchFor", { q: wanted })}</span>
                </Command.Item>
              )}
              <Conversations
                heading={t("palette.lastMessage")}
                rows={byLastMessage}
                query={query}
                open={open}
              />
            </Command.List>
            <p className="p-foot">
              <span>
                <kbd>↑</kbd>
                <kbd>↓</kbd> {t("palette.choose")}
              </span>
              <span>
                <kbd>Enter</kbd> {t("palette.open")}
              </span>
              <span className="grow">{t("palette.hint")}</span>
            </p>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Conversations({
  heading,
  rows,
  query,
  open,
}: {
  heading: string;
  rows: readonly ConversationRow[];
  query: string;
  open: (id: string) => () => void;
}) {
  if (rows.length === 0) return null;
  return (
    <Command.Group heading={heading}>
      {rows.map(({ id, last_message_preview }) => {
        const handle = handleOf(id);
        return (
          <Command.Item key={id} value={id} onSelect={open(id)}>
            <Avatar handle={handle} small />
            <span className="p-label">
              <Marked text={handle.name} query={query} /> <span className="tail">{handle.tail}</span>
              <span className="p-sub">
                <bdi>
                  <Marked text={oneLine(last_message_preview ?? "")} query={query} />
                </bdi>
              </span>
            </span>
          </Command.Item>
        );
      })}
    </Command.Group>
  );
}

function Group({
  heading,
  items,
  query,
  done,
}: {
  heading: string;
  items: readonly Item[];
  query: string;
  done: (run: () => void) => () => void;
}) {
  if (items.length === 0) return null;
  return (
    <Command.Group heading={heading}>
      {items.map(({ id, label }) => (
        <Command.Item key={id} value={id} onSelect={done(() => void command(id))}>
          <Icon of={ICONS[id] ?? Search} />
          <span className="p-label">
            <Marked text={label} query={query} />
          </span>
          <KeyCaps of={id} />
        </Command.Item>
      ))}
    </Command.Group>
  );
}

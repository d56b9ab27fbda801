import { useNavigate, useParams, useSubmit } from "@remix-run/react";
import {
  CircleSlash,
  Copy,
  FlaskConical,
  Hash,
  Languages,
  Lock,
  MessageSquarePlus,
  MessagesSquare,
  Moon,
  PanelRight,
  PenLine,
  RefreshCw,
  Search,
  X,
  type LucideIcon,
} from "lucide-react";
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import { useStore } from "../store/context.tsx";
import { wakeFeed } from "../store/browser-feed.ts";
import { compareRows } from "../store/list.ts";
import { handleOf } from "@fio/contracts/handle";
import { idIn } from "../names/id.ts";
import { foldText, Marked } from "../ui/marked.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { command, offers, type Command as PageCommand } from "../keys/commands.ts";
import { useDetails } from "../conversation/details-context.tsx";
import { Icon } from "../ui/icons.tsx";
import { wantFocus } from "../conversation/composer/wanted-focus.ts";
import { oneLine } from "../text/one-line.ts";
import { switchTheme } from "../device/theme.ts";

const MOST_CONVERSATIONS = 6;

type Item = { label: string; icon: LucideIcon; keys?: string[]; run: () => void };

/** Every command by name, the loaded conversations, and any conversation by its id. */
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
  const submit = useSubmit();
  const store = useStore();
  const details = useDetails();
  const { id } = useParams();
  const pasted = idIn(query);
  const folded = foldText(query.trim());
  const fits = (text: string): boolean => folded === "" || foldText(text).includes(folded);
  const done = (run: () => void) => () => {
    close();
    // After the dialog has given the focus back, so that what runs may take it.
    setTimeout(run, 0);
  };
  const page = (which: PageCommand, label: string, icon: LucideIcon, keys: string[]): Item[] =>
    offers(which) ? [{ label, icon, keys, run: () => void command(which) }] : [];

  const here: Item[] = [
    ...page("reply", t("palette.reply"), PenLine, ["R"]),
    ...page("simulate", t("simulate.start"), FlaskConical, ["S"]),
    ...page("close", t("convo.close"), Lock, ["E"]),
    ...page("copy", t("convo.menu.copy"), Copy, ["C"]),
    ...(id === undefined
      ? []
      : [{ label: t("convo.details"), icon: PanelRight, keys: ["D"], run: details.toggle }]),
  ].filter(({ label }) => fits(label));
  const conversations =
    folded === ""
      ? []
      : [...store.rows()]
          .filter((row) => {
            const handle = handleOf(row.id);
            return fits(`${handle.name} ${handle.tail}`) || fits(row.last_message_preview ?? "");
          })
          .sort(compareRows)
          .slice(0, MOST_CONVERSATIONS);
  const places: Item[] = [
    { label: t("nav.conversations"), icon: MessagesSquare, keys: ["G", "C"], run: () => navigate("/") },
    {
      label: t("nav.rejections"),
      icon: CircleSlash,
      keys: ["G", "R"],
      run: () => navigate("/rejections"),
    },
    { label: t("nav.search"), icon: Search, run: () => navigate("/search") },
    {
      label: t("list.new"),
      icon: MessageSquarePlus,
      keys: ["N"],
      run: () => {
        wantFocus("new conversation");
        submit(null, { method: "post", action: "/conversations" });
      },
    },
    { label: t("palette.theme"), icon: Moon, run: switchTheme },
    {
      label: t("palette.language"),
      icon: Languages,
      run: () => document.querySelector<HTMLButtonElement>("button[value=language]")?.click(),
    },
    { label: t("live.reconnect"), icon: RefreshCw, run: wakeFeed },
  ].filter(({ label }) => fits(label));

  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer" />
        <Dialog.Content
          className="palette-place"
          aria-label={t("palette.label")}
          aria-describedby={undefined}
        >
          <Dialog.Title className="sr">{t("palette.label")}</Dialog.Title>
          <Command className="dialog palette" label={t("palette.field")} shouldFilter={false} loop>
            <div className="p-input">
              <Icon of={Search} />
              <Command.Input value={query} onValueChange={setQuery} placeholder={t("palette.placeholder")} />
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
                  onSelect={done(() => navigate(`/conversations/${pasted}`))}
                >
                  <Icon of={Hash} />
                  <span className="p-label">{t("palette.openId", { id: handleOf(pasted).name })}</span>
                </Command.Item>
              )}
              <Group heading={t("palette.here")} items={here} query={query} done={done} />
              {conversations.length > 0 && (
                <Command.Group heading={t("palette.loaded")}>
                  {conversations.map((row) => {
                    const handle = handleOf(row.id);
                    return (
                      <Command.Item
                        key={row.id}
                        value={row.id}
                        onSelect={done(() => navigate(`/conversations/${row.id}`))}
                      >
                        <Avatar handle={handle} small />
                        <span className="p-label">
                          <Marked text={handle.name} query={query} />{" "}
                          <span className="tail">{handle.tail}</span>
                          <span className="p-sub">
                            <bdi>
                              <Marked text={oneLine(row.last_message_preview ?? "")} query={query} />
                            </bdi>
                          </span>
                        </span>
                      </Command.Item>
                    );
                  })}
                </Command.Group>
              )}
              <Group heading={t("palette.goto")} items={places} query={query} done={done} />
              {query.trim() !== "" && pasted === null && (
                <Command.Item
                  value="search"
                  onSelect={done(() =>
                    navigate(`/search?${new URLSearchParams({ q: query.trim() }).toString()}`),
                  )}
                >
                  <Icon of={Search} />
                  <span className="p-label">{t("palette.searchFor", { q: query.trim() })}</span>
                </Command.Item>
              )}
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
      {items.map(({ label, icon, keys, run }) => (
        <Command.Item key={label} value={`${heading} ${label}`} onSelect={done(run)}>
          <Icon of={icon} />
          <span className="p-label">
            <Marked text={label} query={query} />
          </span>
          {keys !== undefined && (
            <span className="keys">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          )}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

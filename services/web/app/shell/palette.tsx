import { useNavigate } from "@remix-run/react";
import { Hash, Search, X } from "lucide-react";
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { handleOf } from "@fio/contracts/handle";
import { useTranslation } from "../i18n/context.tsx";
import { offers } from "../keys/commands.ts";
import { holdKeys } from "../keys/held-keys.ts";
import { idIn } from "../names/id.ts";
import { conversationPath, PATHS, withQuery } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";
import { PaletteCommands } from "./palette-commands.tsx";
import { PaletteConversations, usePaletteConversations } from "./palette-conversations.tsx";
import { paletteItems } from "./palette-items.ts";

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
  const pasted = idIn(query);
  const wanted = query.trim();
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
  const items = paletteItems(query, { t, offers });
  const { byName, byLastMessage } = usePaletteConversations(query);
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
              <PaletteCommands
                heading={t("palette.here")}
                items={items.filter(({ ofPage }) => ofPage)}
                query={query}
                done={done}
              />
              <PaletteConversations
                heading={t("palette.conversations")}
                rows={byName}
                query={query}
                open={open}
              />
              <PaletteCommands
                heading={t("palette.goto")}
                items={items.filter(({ ofPage }) => !ofPage)}
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
              <PaletteConversations
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

import { useEffect } from "react";
import { useSearchParams } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { FioIcon } from "../ui/icons.tsx";
import { NewLink } from "../conversation/new-link.tsx";
import { KeyCaps } from "../keys/key-caps.tsx";
import type { CommandId } from "../keys/keymap.ts";
import { useRows } from "../store/context.tsx";
import { filterOf } from "../store/list.ts";

type RemixWindow = { __remixManifest?: { routes: Record<string, { module: string }> } };

/** The code of a conversation's page, so that the first one opens as fast as the next. */
function loadPane(): void {
  const { module } = (globalThis as RemixWindow).__remixManifest?.routes[
    "routes/_shell._inbox.conversations.$id"
  ] ?? { module: "" };
  if (module !== "") void import(/* @vite-ignore */ module).catch(() => null);
}

/** The empty stage, before a conversation is chosen. */
export default function NothingChosen() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  const empty = useRows(filter).length === 0 && filter === "open";
  useEffect(loadPane, []);
  return (
    <main className="pane" id="content">
      <div className="blank">
        <FioIcon className="mark" />
        {empty ? (
          <>
            <h1>{t("none.empty")}</h1>
            <p>{t("none.empty.hint")}</p>
            <NewLink className="btn" />
          </>
        ) : (
          <>
            <h1>{t("none.title")}</h1>
            <dl className="keylist">
              <Keys words={t("none.nextPrevious")} of={["next", "previous"]} />
              <Keys words={t("none.nextUnread")} of={["longest"]} />
              <Keys words={t("list.new")} of={["new"]} />
              <Keys words={t("nav.commands")} of={["palette"]} />
            </dl>
          </>
        )}
      </div>
    </main>
  );
}

function Keys({ words, of }: { words: string; of: CommandId[] }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>
        {of.map((id) => (
          <KeyCaps key={id} of={id} />
        ))}
      </dd>
    </div>
  );
}

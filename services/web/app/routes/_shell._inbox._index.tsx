import { useSearchParams } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { FioIcon } from "../ui/icons.tsx";
import { NewConversation } from "../inbox/list.tsx";
import { ConversationSkeleton } from "../ui/skeletons.tsx";
import { useSlowOpening } from "../ui/use-slow.ts";
import { useRows } from "../store/context.tsx";
import { filterOf } from "../store/list.ts";

/** The empty stage, before a conversation is chosen. */
export default function NothingChosen() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  const empty = useRows(filter).length === 0 && filter === "open";
  if (useSlowOpening()) return <ConversationSkeleton />;
  return (
    <main className="pane" id="content">
      <div className="blank">
        <FioIcon className="mark" />
        {empty ? (
          <>
            <h1>{t("none.empty")}</h1>
            <p>{t("none.empty.hint")}</p>
            <NewConversation className="btn" />
          </>
        ) : (
          <>
            <h1>{t("none.title")}</h1>
            <dl className="keylist">
              <Keys of={t("none.nextPrevious")} keys={["J", "K"]} />
              <Keys of={t("none.nextUnread")} keys={["U"]} />
              <Keys of={t("list.new")} keys={["N"]} />
              <Keys of={t("nav.commands")} keys={["Ctrl", "K"]} together />
            </dl>
          </>
        )}
      </div>
    </main>
  );
}

function Keys({ of, keys, together = false }: { of: string; keys: string[]; together?: boolean }) {
  return (
    <div>
      <dt>{of}</dt>
      <dd className={together ? "keys" : ""}>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}

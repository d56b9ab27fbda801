import { Link, useNavigation, useParams } from "@remix-run/react";
import { ArrowUp, CheckCheck, MessagesSquare } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import { KeyCaps } from "../keys/key-caps.tsx";
import { useRows, useStore } from "../store/context.tsx";
import type { Filter, View } from "../store/list.ts";
import { useNow } from "../time/context.tsx";
import { Icon } from "../ui/icons.tsx";
import { conversationIn, conversationPath, listPath } from "../names/paths.ts";
import { ACCOUNT } from "../device/account.ts";
import { onDemand } from "../ui/on-demand.tsx";
import { Row } from "./row.tsx";
import { useHeldOrder } from "./use-held-order.ts";
import { useListCommands } from "./use-list-commands.ts";
import { useMoreRows } from "./use-more-rows.ts";
import { useWindow } from "../ui/use-row-window.ts";

const HoldersChoice = onDemand(() => import("./holders-choice.tsx"));

/** The rows of a filter, only those in view; more are loaded as the end comes near. */
export function Rows({ filter, view }: { filter: Filter; view: View }) {
  const { t } = useTranslation();
  const store = useStore();
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const { id } = useParams();
  const pending = useNavigation().location;
  const selected = (pending === undefined ? null : conversationIn(pending.pathname)) ?? id;
  const { rows, held, show, on } = useHeldOrder(useRows(view));
  const more = useMoreRows(view);
  const ids = useMemo(() => rows.map(({ row }) => row.id), [rows]);
  const { span, before, after, toRow } = useWindow({ ids, scroller, onEnd: more.load });
  useListCommands({ rows, selected, filter, toRow });
  const at = rows.findIndex(({ row }) => row.id === selected);
  const latest = useRef(at);
  latest.current = at;
  useEffect(() => {
    // Wherever it was opened from: one sees where one is.
    if (latest.current >= 0) toRow(latest.current);
  }, [selected, toRow]);
  const next = store.horizon(view)?.next ?? null;
  const letIn = (): void => {
    show();
    // Who waits longest stays first; anywhere else the newest is.
    if (filter !== "waiting") scroller.current?.scrollTo({ top: 0 });
  };

  useCommand("heldBack", held.added > 0 || held.moved ? letIn : null);

  return (
    <div className="held-region" {...on}>
      <ListNote filter={filter} held={held} letIn={letIn} />
      <div className="list-scroll" ref={scroller}>
        {rows.length === 0 ? (
          <Empty filter={filter} />
        ) : (
          <ul className="rows" style={{ paddingTop: before, paddingBottom: after }}>
            {rows.slice(span.from, span.to).map(({ row, gone }) => (
              <li key={row.id}>
                <Row
                  row={row}
                  to={conversationPath(row.id, { filter })}
                  selected={row.id === selected}
                  filter={filter}
                  gone={gone}
                  now={now}
                />
              </li>
            ))}
          </ul>
        )}
        {next !== null && (
          <Link
            className="btn quiet sm wide"
            to={listPath({ filter, page: next })}
            discover="none"
            onClick={(event) => {
              event.preventDefault();
              more.load();
            }}
          >
            {t(more.loading ? "list.loading" : "list.more")}
          </Link>
        )}
      </div>
    </div>
  );
}

/** The order of the list, or what is held back of it: always as high, so that no row moves when it speaks. */
function ListNote({
  filter,
  held: { added, moved },
  letIn,
}: {
  filter: Filter;
  held: { added: number; moved: boolean };
  letIn: () => void;
}) {
  const { t } = useTranslation();
  return (
    <p className="list-note">
      {added > 0 || moved ? (
        <button type="button" className="held-back" onClick={letIn} data-held={added}>
          <Icon of={ArrowUp} />
          <span>{added > 0 ? t("list.held", { count: added }) : t("list.held.moved")}</span>
          <span aria-hidden="true">
            <KeyCaps of="heldBack" />
          </span>
        </button>
      ) : (
        t(filter === "waiting" ? "list.order.waiting" : "list.order.newest")
      )}
      {ACCOUNT !== "" && <HoldersChoice />}
    </p>
  );
}

function Empty({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  return (
    <div className="blank small">
      <Icon of={filter === "waiting" ? CheckCheck : MessagesSquare} className="big" />
      <h2>{t(`list.empty.${filter}`)}</h2>
      <p>
        {t(
          filter === "closed"
            ? "list.empty.closed.hint"
            : filter === "waiting"
              ? "list.empty.waiting.hint"
              : "list.empty.hint",
        )}
      </p>
    </div>
  );
}

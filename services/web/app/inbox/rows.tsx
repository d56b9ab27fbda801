import { Link, useNavigation, useParams } from "@remix-run/react";
import { MessagesSquare } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "../i18n/context.tsx";
import { useRows, useStore } from "../store/context.tsx";
import type { Filter } from "../store/list.ts";
import { useNow } from "../time/context.tsx";
import { Icon } from "../ui/icons.tsx";
import { useHeldOrder, useMoreRows } from "./list-hooks.ts";
import { conversationIn, conversationPath, listPath } from "../names/paths.ts";
import { Row } from "./row.tsx";
import { useListCommands } from "./use-list-commands.ts";
import { useWindow } from "../ui/use-row-window.ts";

/** The rows of a filter, only those in view; more are loaded as the end comes near. */
export function Rows({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const store = useStore();
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const { id } = useParams();
  const pending = useNavigation().location;
  const selected = (pending === undefined ? null : conversationIn(pending.pathname)) ?? id;
  const { rows, hold } = useHeldOrder(useRows(filter));
  const more = useMoreRows(filter);
  const { span, before, after, toRow } = useWindow({ count: rows.length, scroller, onEnd: more.load });
  useListCommands({ rows, selected, filter, toRow });
  const next = store.horizon(filter)?.next ?? null;

  if (rows.length === 0) {
    return (
      <div className="list-scroll">
        <div className="blank small">
          <Icon of={MessagesSquare} className="big" />
          <h2>{t(`list.empty.${filter}`)}</h2>
          <p>{t(filter === "closed" ? "list.empty.closed.hint" : "list.empty.hint")}</p>
        </div>
      </div>
    );
  }
  return (
    <div className="list-scroll" ref={scroller} {...hold}>
      <ul className="rows" style={{ paddingTop: before, paddingBottom: after }}>
        {rows.slice(span.from, span.to).map((row) => (
          <li key={row.id}>
            <Row
              row={row}
              to={conversationPath(row.id, { filter })}
              selected={row.id === selected}
              showState={filter === "all"}
              now={now}
            />
          </li>
        ))}
      </ul>
      {next !== null && (
        <Link
          className="btn quiet sm wide"
          to={listPath({ filter, page: next })}
          onClick={(event) => {
            event.preventDefault();
            more.load();
          }}
        >
          {t(more.loading ? "list.loading" : "list.more")}
        </Link>
      )}
    </div>
  );
}

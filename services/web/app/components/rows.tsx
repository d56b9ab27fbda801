import { Link, useNavigation, useParams } from "@remix-run/react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { MessagesSquare } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useRows, useStore } from "../live/context.tsx";
import type { Filter } from "../live/list.ts";
import { useNow } from "../time/context.tsx";
import { Icon } from "./icons.tsx";
import { useHeldOrder, useMoreRows } from "./list-hooks.ts";
import { useIsPhone } from "./media.ts";
import { Row } from "./row.tsx";

/** What the server assumes of the window: enough rows for the tallest. */
const SERVER_HEIGHT = 1_400;

/** The rows of a filter, only those in view; more are loaded as the end comes near. */
export function Rows({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const store = useStore();
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const { id } = useParams();
  const pending = useNavigation().location?.pathname;
  const selected = pending === undefined ? id : (/^\/conversations\/([^/]+)/.exec(pending)?.[1] ?? id);
  const { rows, hold } = useHeldOrder(useRows(filter));
  const more = useMoreRows(filter);
  const height = useIsPhone() ? 69 : 63;

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    initialRect: { width: 300, height: SERVER_HEIGHT },
    overscan: 12,
    onChange: ({ range }) => {
      if (range !== null && range.endIndex >= rows.length - 15) more.load();
    },
  });
  const items = virtual.getVirtualItems();
  const search = filter === "open" ? "" : `?state=${filter}`;
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
      <ul
        className="rows"
        style={{
          paddingTop: items[0]?.start ?? 0,
          paddingBottom: Math.max(0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0)),
        }}
      >
        {items.map(({ index, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <li key={key} data-index={index} ref={virtual.measureElement}>
              <Row
                row={row}
                to={`/conversations/${row.id}${search}`}
                selected={row.id === selected}
                showState={filter === "all"}
                now={now}
              />
            </li>
          );
        })}
      </ul>
      {next !== null && (
        <Link
          className="btn quiet sm wide"
          to={`/?${new URLSearchParams({ ...(filter === "open" ? {} : { state: filter }), page: next }).toString()}`}
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

import { Command } from "cmdk";
import type { ConversationRow } from "@fio/contracts";
import { customerOf } from "../names/customer.ts";
import { useNamed } from "../search/use-named.ts";
import { useStore } from "../store/context.tsx";
import { compareRows } from "../store/list.ts";
import { oneLine } from "../text/one-line.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Marked } from "../ui/marked.tsx";
import { fitsQuery } from "./palette-items.ts";

const MOST_CONVERSATIONS = 6;

/** The conversations that the words mean by name, and those whose last message holds them. */
export function usePaletteConversations(query: string): {
  byName: readonly ConversationRow[];
  byLastMessage: readonly ConversationRow[];
} {
  const store = useStore();
  const named = useNamed(query);
  const isNamed = ({ id, contact }: ConversationRow): boolean => {
    const { name, tail, phone } = customerOf(id, contact);
    return fitsQuery(`${name} ${phone ?? tail}`, query);
  };
  const loaded = query.trim() === "" ? [] : [...store.rows()].sort(compareRows);
  // What the store adds comes below: the row that Enter opens stays the same one.
  const byName = [
    ...new Map(
      [...loaded.filter(isNamed).slice(0, MOST_CONVERSATIONS), ...named].map((row) => [row.id, row]),
    ).values(),
  ];
  // Whoever types a word that names nobody looks for the word: these are a glimpse, below the search for it.
  const byLastMessage = loaded
    .filter(
      (row) => byName.every(({ id }) => id !== row.id) && fitsQuery(row.last_message_preview ?? "", query),
    )
    .slice(0, MOST_CONVERSATIONS);
  return { byName, byLastMessage };
}

export function PaletteConversations({
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
      {rows.map(({ id, contact, last_message_preview }) => {
        const handle = customerOf(id, contact);
        return (
          <Command.Item key={id} value={id} onSelect={open(id)}>
            <Avatar handle={handle} small />
            <span className="p-label">
              <Marked text={handle.name} query={query} />{" "}
              <span className="tail">
                <Marked text={handle.phone ?? handle.tail} query={query} />
              </span>
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

import { useState } from "react";
import { Command } from "cmdk";
import { Link } from "@remix-run/react";
import { Phone, X } from "lucide-react";
import type { ConversationRow } from "@fio/contracts";
import { keepNewContact, useNewContact, type NewContact } from "../../device/new-contact.ts";
import { useWords } from "../../i18n/later.ts";
import { customerOf, isOnWhatsApp } from "../../names/customer.ts";
import { conversationPath, NEW } from "../../names/paths.ts";
import { useNamed } from "../../search/use-named.ts";
import { useStore } from "../../store/context.tsx";
import { Avatar, HandleText } from "../../ui/avatar.tsx";
import { Icon } from "../../ui/icons.tsx";
import { focusReply } from "../composer/reply-focus.ts";
import WindowLeft from "../window/window-left.tsx";
import { PICKER_WORDS } from "./picker-words.ts";
import { phoneTyped } from "./typed-phone.ts";

/** Where no account of the business is known yet that a customer could be written to from. */
const NO_ACCOUNT = "phone";

/** Whom a new conversation is with: somebody who is known, by name or number, or a number that is typed. */
export default function ContactPicker() {
  const say = useWords(PICKER_WORDS);
  const chosen = useNewContact();
  const known = useNamed(chosen?.phone ?? chosen?.name ?? "");
  if (chosen === null) return <Picker />;
  const open = known.find((row) => row.state === "OPEN" && isOf(row, chosen));
  return (
    <>
      <div className="chosen">
        <span>{say("to")}</span>
        <strong>
          <bdi>{chosen.name ?? chosen.phone}</bdi>
        </strong>
        {chosen.name !== null && chosen.phone !== null && <bdi>{chosen.phone}</bdi>}
        <button
          className="btn icon quiet xs"
          type="button"
          aria-label={say("change")}
          title={say("change")}
          onClick={() => keepNewContact(null)}
        >
          <Icon of={X} />
        </button>
      </div>
      {open !== undefined && (
        <p className="banner">
          <span>
            {say("open")} <Link to={conversationPath(open.id)}>{say("goOpen")}</Link>
          </span>
        </p>
      )}
      {isOnWhatsApp(chosen) && <WindowLeft contact={chosen} />}
    </>
  );
}

function Picker() {
  const say = useWords(PICKER_WORDS);
  const [query, setQuery] = useState("");
  const rows = useNamed(query);
  const store = useStore();
  const customers = [
    ...new Map(
      rows.flatMap((row) => (row.contact === undefined ? [] : [[keyOf(row.contact), row] as const])),
    ).values(),
  ];
  const typed = phoneTyped(query);
  const accounts = accountsOf(store.rows());
  const choose = (contact: NewContact) => () => {
    keepNewContact(contact);
    focusReply(NEW);
  };
  return (
    <Command className="picker" label={say("to")} shouldFilter={false} vimBindings={false} loop>
      <div className="picker-field">
        <span aria-hidden="true">{say("to")}</span>
        <Command.Input value={query} onValueChange={setQuery} placeholder={say("find")} />
      </div>
      <Command.List className="p-list" label={say("results")} hidden={query.trim() === ""}>
        {customers.map(({ id, state, contact }) => {
          if (contact === undefined) return null;
          const handle = customerOf(id, contact);
          return (
            <Command.Item key={keyOf(contact)} value={keyOf(contact)} onSelect={choose(chosenFrom(contact))}>
              <Avatar handle={handle} small />
              <span className="p-label">
                <HandleText handle={handle} />
                {contact.phone !== null && <bdi className="p-sub">{contact.phone}</bdi>}
                {state === "OPEN" && <span className="p-sub">{say("isOpen")}</span>}
              </span>
            </Command.Item>
          );
        })}
        {typed !== null &&
          accounts.map((channel) => (
            <Command.Item
              key={channel}
              value={`typed ${channel}`}
              onSelect={choose({ channel, id: typed.id, name: null, phone: typed.shown })}
            >
              <Icon of={Phone} />
              <span className="p-label">
                {say("typed", { phone: typed.shown })}
                {accounts.length > 1 && <span className="p-sub">{say("through", { account: channel })}</span>}
              </span>
            </Command.Item>
          ))}
      </Command.List>
      <p className="picker-hint" role="status">
        {query.trim() === "" ? say("without") : customers.length === 0 && typed === null ? say("none") : ""}
      </p>
    </Command>
  );
}

const keyOf = ({ channel, id }: { channel: string; id: string }): string => `${channel} ${id}`;
const chosenFrom = ({ channel, id, name, phone }: NewContact): NewContact => ({ channel, id, name, phone });
const isOf = ({ contact }: ConversationRow, chosen: NewContact): boolean =>
  contact !== undefined && keyOf(contact) === keyOf(chosen);

/** The business's own accounts that customers have written to, WhatsApp's first, the one most used first. */
function accountsOf(rows: Iterable<ConversationRow>): string[] {
  const counts = new Map<string, number>();
  for (const { contact } of rows)
    if (contact !== undefined) counts.set(contact.channel, (counts.get(contact.channel) ?? 0) + 1);
  const accounts = [...counts]
    .sort(([a, one], [b, other]) => {
      const first = Number(isOnWhatsApp({ channel: b })) - Number(isOnWhatsApp({ channel: a }));
      return first === 0 ? other - one : first;
    })
    .map(([channel]) => channel);
  return accounts.length === 0 ? [NO_ACCOUNT] : accounts;
}

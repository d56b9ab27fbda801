import { redirect, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { AuditEntry } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { conversationPath, PATHS, withQuery } from "../names/paths.ts";
import { adminSession } from "../server/admin-session.server.ts";
import { available } from "../server/available.server.ts";
import { preferencesOf } from "../server/preferences.server.ts";
import { auditWords } from "../sign-in/audit-words.ts";
import { EntryPage, LanguageSwitch, useSignInWords } from "../sign-in/entry-page.tsx";
import styles from "../sign-in/sign-in.css?url";
import { dayInZone } from "../time/day-in-zone.ts";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = () => [{ title: "Fio" }];

const LIMIT = "50";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const session = adminSession(context);
  const { zone } = preferencesOf(request);
  const search = new URL(request.url).searchParams;
  const asked = (name: string): string => search.get(name) ?? "";
  const day = (name: string): string => dayInZone(asked(name), zone) ?? "";
  const first = {
    action: asked("action"),
    person: asked("person"),
    from: day("from"),
    to: day("to"),
    limit: LIMIT,
  };
  const given = Object.entries(first).filter(([, value]) => value !== "");
  const page = search.get("page") ?? new URLSearchParams(given).toString();
  const [read, accounts] = await Promise.all([
    available(context, context.accounts.audit(session, page)),
    available(context, context.accounts.list(session)),
  ]);
  if (accounts === null) throw redirect(PATHS.account);
  // An address that somebody has changed.
  if (read === null) throw redirect(PATHS.audit);
  const people = accounts.map(({ id, name }) => ({ id, name }));
  return {
    ...read,
    people,
    zone,
    asked: { action: first.action, person: first.person, from: asked("from"), to: asked("to") },
  };
}

export default function AuditPage() {
  const { entries, next, people, zone, asked } = useLoaderData<typeof loader>();
  const { language } = useTranslation();
  const words = auditWords(language);
  const more = useSignInWords();
  const time = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium", timeZone: zone });
  return (
    <EntryPage title={({ audit }) => audit} wide>
      <form method="get" action={PATHS.audit} className="entry-filter">
        <label>
          {words.action}
          <select name="action" defaultValue={asked.action}>
            <option value="">{words.anything}</option>
            {Object.entries(words.actions).map(([action, said]) => (
              <option key={action} value={action}>
                {capital(said, language)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.person}
          <select name="person" defaultValue={asked.person}>
            <option value="">{words.everyone}</option>
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.from}
          <input type="date" name="from" defaultValue={asked.from} />
        </label>
        <label>
          {words.to}
          <input type="date" name="to" defaultValue={asked.to} />
        </label>
        <button className="btn solid">{words.show}</button>
      </form>
      {entries.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <ul className="entry-lines">
          {entries.map((entry) => (
            <Line key={entry.id} entry={entry} when={time.format(new Date(entry.at))} />
          ))}
        </ul>
      )}
      {next !== null && (
        <a className="btn" href={withQuery(PATHS.audit, { ...asked, page: next })}>
          {words.older}
        </a>
      )}
      <a className="btn quiet" href={PATHS.account}>
        {more.account}
      </a>
      <LanguageSwitch back={withQuery(PATHS.audit, asked)} />
    </EntryPage>
  );
}

/** As it stands alone. */
const capital = (text: string, language: string): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

function Line({ entry, when }: { entry: AuditEntry; when: string }) {
  const words = auditWords(useTranslation().language);
  const { action, actor, account, conversation_id: conversation, detail } = entry;
  const named = (person: { name: string }): string => (person.name === "" ? words.unknown : person.name);
  const nobody = action.startsWith("sign_in") ? words.somebody : words.operator;
  return (
    <li>
      <div>
        <strong>{actor === null ? nobody : named(actor)}</strong> {words.actions[action]}
        {account !== null && `: ${named(account)}`}
        <small>
          <time dateTime={entry.at}>{when}</time>
          {detail !== null && <code>{detail}</code>}
        </small>
      </div>
      {conversation !== null && action !== "erase" && (
        <a className="btn sm" href={conversationPath(conversation)}>
          {words.conversation}
        </a>
      )}
    </li>
  );
}

import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import type { AccountChange, AccountRow } from "@fio/contracts";
import type { AdminAnswer } from "../../server/accounts.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { PATHS, withQuery } from "../names/paths.ts";
import { adminSession } from "../server/admin-session.server.ts";
import { available } from "../server/available.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { EntryPage, LanguageSwitch, useSignInWords } from "../sign-in/entry-page.tsx";
import styles from "../sign-in/sign-in.css?url";
import { CopyLink } from "../sign-in/copy-link.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = () => [{ title: "Fio" }];

type Answer = {
  /** What to tell; a link with whose it is, once. */
  told: "exists" | "badAccount" | "notChanged" | "away" | "done" | null;
  link: string | null;
  whose: string;
  /** What was written, where it has to be corrected. */
  written: { email: string; name: string } | null;
};

export async function loader({ context }: LoaderFunctionArgs) {
  const accounts = await available(context, context.accounts.list(adminSession(context)));
  if (accounts === null) throw redirect(PATHS.account);
  return { accounts, own: context.agent?.id ?? "" };
}

const CHANGES: readonly AccountChange[] = [
  "disable",
  "enable",
  "end-sessions",
  "reset",
  "take-off-second-factor",
];

export async function action({ request, context }: ActionFunctionArgs) {
  const session = adminSession(context);
  const form = await formOf(request);
  const linkOf = (key: string): string =>
    new URL(withQuery(PATHS.welcome, { key }), context.publicUrl ?? new URL(request.url).origin).href;
  const answer = (told: Answer["told"], more: Partial<Answer> = {}, status = 200) =>
    data<Answer>({ told, link: null, whose: "", written: null, ...more }, { status });
  const change = CHANGES.find((each) => each === textOf(form, "change"));
  const [email, name] = [textOf(form, "email").slice(0, 300), textOf(form, "name").slice(0, 300)];
  try {
    const done: AdminAnswer =
      change === undefined
        ? await context.accounts.add(session, {
            email,
            name,
            role: form.get("admin") === null ? "agent" : "admin",
          })
        : await context.accounts.change(session, textOf(form, "id"), change);
    if (done.kind === "done")
      return answer("done", { link: done.key === null ? null : linkOf(done.key), whose: name });
    const told = change !== undefined ? "notChanged" : done.kind === "exists" ? "exists" : "badAccount";
    return answer(told, { written: change === undefined ? { email, name } : null }, 400);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return answer("away", { written: change === undefined ? { email, name } : null }, 503);
  }
}

export default function AgentsPage() {
  const { accounts, own } = useLoaderData<typeof loader>();
  const answer = useActionData<Answer>();
  const words = useSignInWords();
  const told = answer?.told ?? null;
  return (
    <EntryPage title={({ team }) => team} wide>
      {told === "done" ? (
        <div className="entry-told" role="status">
          {answer?.link == null ? (
            <p>{words.changed}</p>
          ) : (
            <NewLink link={answer.link} whose={answer.whose} />
          )}
        </div>
      ) : (
        told !== null && (
          <p className="entry-fault" role="alert">
            {told === "away" ? words.changeAway : words[told]}
          </p>
        )
      )}
      <ul className="entry-people">
        {accounts.map((account) => (
          <Person key={account.id} account={account} isOwn={account.id === own} />
        ))}
      </ul>
      <h2>{words.add}</h2>
      <form method="post" action={PATHS.agents} key={told === "done" ? "again" : "first"}>
        <label>
          {words.name}
          <input
            name="name"
            autoComplete="off"
            maxLength={100}
            defaultValue={answer?.written?.name}
            required
          />
        </label>
        <label>
          {words.email}
          <input
            name="email"
            type="email"
            autoComplete="off"
            maxLength={254}
            defaultValue={answer?.written?.email}
            required
          />
        </label>
        <label className="entry-check">
          <input type="checkbox" name="admin" value="yes" />
          {words.asAdmin}
        </label>
        <p>{words.addHint}</p>
        <button className="btn solid">{words.addButton}</button>
      </form>
      <a className="btn quiet" href={PATHS.account}>
        {words.account}
      </a>
      <LanguageSwitch back={PATHS.agents} />
    </EntryPage>
  );
}

function NewLink({ link, whose }: { link: string; whose: string }) {
  const words = useSignInWords();
  return (
    <>
      <label>
        {words.linkFor} {whose}
        <input readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <CopyLink link={link} />
      <p>{words.linkOnce}</p>
    </>
  );
}

function Person({ account, isOwn }: { account: AccountRow; isOwn: boolean }) {
  const words = useSignInWords();
  const { id, name, email, role, state, second_factor } = account;
  const button = (change: AccountChange, label: string, hint: string, look = "") => (
    <p>
      <button className={`btn sm ${look}`} name="change" value={change}>
        {label}
      </button>
      {hint}
    </p>
  );
  return (
    <li>
      <div>
        <strong>{name}</strong>
        {isOwn && ` (${words.you})`}
        <small>{email}</small>
        <small>
          {words[role]} · <span className={state === "disabled" ? "entry-off" : ""}>{words[state]}</span>
          {second_factor && ` · ${words.twoSteps}`}
        </small>
      </div>
      {!isOwn && (
        <details>
          <summary className="btn sm" aria-label={`${words.alter}: ${name}`}>
            {words.alter}
          </summary>
          <form method="post" action={PATHS.agents}>
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="name" value={name} />
            {state === "disabled" ? (
              button("enable", words.enable, words.enableHint)
            ) : (
              <>
                {button("end-sessions", words.endSessions, words.endSessionsHint)}
                {second_factor && button("take-off-second-factor", words.takeOff, words.takeOffHint)}
                {button("reset", words.reset, words.resetHint)}
                {button("disable", words.disable, words.disableHint, "danger")}
              </>
            )}
          </form>
        </details>
      )}
    </li>
  );
}

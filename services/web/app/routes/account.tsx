import {
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { PATHS } from "../names/paths.ts";
import { available } from "../server/available.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { endSession } from "../server/session.server.ts";
import { EntryPage, useSignInWords } from "../sign-in/entry-page.tsx";
import { SignOut } from "../sign-in/sign-out.tsx";
import styles from "../sign-in/sign-in.css?url";
import { useTranslation } from "../i18n/context.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];

export async function loader({ context }: LoaderFunctionArgs) {
  const { agent, session } = context;
  if (agent === null || session === null) return { agent: null, sessions: [] };
  const sessions = await available(context, context.accounts.sessions(session));
  return { agent, sessions };
}

/** Signs out here, or ends another session of the same account. */
export async function action({ request, context }: ActionFunctionArgs) {
  const id = textOf(await formOf(request), "end");
  if (id === "current") return available(context, endSession(context));
  if (context.session !== null) await available(context, context.accounts.end(context.session, id));
  return redirect(PATHS.account, { status: 303 });
}

export default function AccountPage() {
  const { agent, sessions } = useLoaderData<typeof loader>();
  const { language } = useTranslation();
  const words = useSignInWords();
  if (agent === null) {
    return (
      <EntryPage title={({ off }) => off}>
        <p>{words.offHint}</p>
        <Back />
      </EntryPage>
    );
  }
  const time = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  return (
    <EntryPage title={({ account }) => account}>
      <p className="entry-who">
        <strong>{agent.name}</strong>
        {agent.email}
      </p>
      <SignOut />
      <h2>{words.sessions}</h2>
      <ul>
        {sessions.map(({ id, browser, seen_at, current }) => (
          <li key={id}>
            <div>
              {current ? words.here : browser === "" ? words.unknownBrowser : browser}
              <small suppressHydrationWarning>
                {words.lastSeen} {time.format(new Date(seen_at))}
              </small>
            </div>
            {!current && (
              <form method="post" action={PATHS.account}>
                <button className="btn sm" name="end" value={id}>
                  {words.end}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {agent.role === "admin" && (
        <a className="btn" href={PATHS.agents}>
          {words.team}
        </a>
      )}
      <Back />
    </EntryPage>
  );
}

function Back() {
  return (
    <a className="btn quiet" href={PATHS.home}>
      {useSignInWords().back}
    </a>
  );
}

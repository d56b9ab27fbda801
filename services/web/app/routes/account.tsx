import {
  data,
  redirect,
  type ActionFunctionArgs,
  type AppLoadContext,
  type LinksFunction,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { isUnavailable } from "../../server/unavailable.ts";
import { PATHS, withQuery } from "../names/paths.ts";
import { available } from "../server/available.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { changeFactor, FACTOR_OFF } from "../server/second-factor.server.ts";
import { deviceOf, endSession, startSession } from "../server/session.server.ts";
import { ChangePassword, type PasswordFault } from "../sign-in/change-password.tsx";
import { EntryPage, useSignInWords } from "../sign-in/entry-page.tsx";
import { secondFactorWords } from "../sign-in/second-factor-words.ts";
import { SecondFactor, type FactorAnswer } from "../sign-in/second-factor.tsx";
import { SignOut } from "../sign-in/sign-out.tsx";
import styles from "../sign-in/sign-in.css?url";
import { useTranslation } from "../i18n/context.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];

/** What the page tells of itself after a change: a reload posts nothing again. */
const CHANGED = "password";
const CHANGES = [CHANGED, FACTOR_OFF] as const;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { agent, session } = context;
  if (agent === null || session === null) {
    return { agent: null, sessions: [], factor: null, changed: null };
  }
  const [sessions, factor] = await available(
    context,
    Promise.all([context.accounts.sessions(session), context.accounts.factor(session)]),
  );
  const changed = new URL(request.url).searchParams.get("changed");
  return { agent, sessions, factor, changed: CHANGES.find((each) => each === changed) ?? null };
}

type Answer = { fault: PasswordFault } | { factor: FactorAnswer };

/** Signs out here, ends another session of the same account, or changes its password or second factor. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  if (textOf(form, "change") === "password") return changePassword(request, form, context);
  if (form.has("factor")) return changeFactor(request, form, context);
  const id = textOf(form, "end");
  if (id === "current") return available(context, endSession(context));
  if (context.session !== null) await available(context, context.accounts.end(context.session, id));
  return redirect(PATHS.account, { status: 303 });
}

async function changePassword(request: Request, form: FormData, context: AppLoadContext) {
  const { session } = context;
  if (session === null) return redirect(PATHS.account, { status: 303 });
  const answer = (fault: PasswordFault, status: number) => data<Answer>({ fault }, { status });
  const given = { current: textOf(form, "current"), password: textOf(form, "password") };
  try {
    const changed = await context.accounts.changePassword(session, {
      ...given,
      ...deviceOf(request, context),
    });
    if (changed.kind === "limited") return answer("limited", 429);
    // A session asks for it: no code is wanted once more.
    if (changed.kind === "code") return answer("refused", 400);
    if (changed.kind !== "signed in") return answer(changed.kind, 400);
    context.door.forget(session);
    return startSession(changed.token, withQuery(PATHS.account, { changed: CHANGED }), context);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return answer("away", 503);
  }
}

export default function AccountPage() {
  const { agent, sessions, factor, changed } = useLoaderData<typeof loader>();
  const answer = useActionData<Answer>();
  const fault = answer !== undefined && "fault" in answer ? answer.fault : null;
  const factorAnswer = answer !== undefined && "factor" in answer ? answer.factor : null;
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
      {changed !== null && fault === null && factorAnswer === null && (
        <p className="entry-told" role="status">
          {changed === CHANGED ? words.passwordChanged : secondFactorWords(language).isOff}
        </p>
      )}
      <SignOut />
      <ChangePassword email={agent.email} fault={fault} />
      {factor !== null && <SecondFactor state={factor} answer={factorAnswer} email={agent.email} />}
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
        <>
          <a className="btn" href={PATHS.agents}>
            {words.team}
          </a>
          <a className="btn" href={PATHS.audit}>
            {words.audit}
          </a>
        </>
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

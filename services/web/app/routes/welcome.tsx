import {
  data,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { isUnavailable } from "../../server/unavailable.ts";
import { PATHS, withQuery } from "../names/paths.ts";
import { available } from "../server/available.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { askForCode } from "../server/second-step.server.ts";
import { deviceOf, startSession } from "../server/session.server.ts";
import { EntryPage, LanguageSwitch, useSignInWords } from "../sign-in/entry-page.tsx";
import { NewPassword } from "../sign-in/new-password.tsx";
import styles from "../sign-in/sign-in.css?url";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = () => [{ title: "Fio" }];

type Answer = { fault: "invalid" | "common" | "limited" | "away" | null };

const keyOf = (request: Request): string =>
  (new URL(request.url).searchParams.get("key") ?? "").slice(0, 100);

/** Looking at a link does not use it up: mail programs look at links too. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const key = keyOf(request);
  const account = await available(context, context.accounts.linkOf(key));
  return data(
    { key, whose: account === null ? null : { name: account.name, email: account.email } },
    { status: account === null ? 404 : 200 },
  );
}

/** Uses the link up: a password is set, and its owner is signed in. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const given = { key: keyOf(request), password: textOf(form, "password"), ...deviceOf(request, context) };
  try {
    const signIn = await context.accounts.acceptLink(given);
    if (signIn.kind === "signed in") return startSession(signIn.token, "/", context);
    if (signIn.kind === "code") return askForCode(signIn.step, "/", context);
    if (signIn.kind === "limited") return data<Answer>({ fault: "limited" }, { status: 429 });
    // The page says by itself that the link is not valid any more.
    const fault = signIn.kind === "refused" ? null : signIn.kind;
    return data<Answer>({ fault }, { status: 400 });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return data<Answer>({ fault: "away" }, { status: 503 });
  }
}

export default function Welcome() {
  const { key, whose } = useLoaderData<typeof loader>();
  const answer = useActionData<Answer>();
  const words = useSignInWords();
  const here = withQuery(PATHS.welcome, { key });
  const fault = answer?.fault ?? null;
  if (whose === null) {
    return (
      <EntryPage title={({ linkUsed }) => linkUsed}>
        <p>{words.linkUsedHint}</p>
        <LanguageSwitch back={here} />
      </EntryPage>
    );
  }
  return (
    <EntryPage title={({ welcome }) => `${welcome}, ${whose.name}`}>
      <p>{words.welcomeHint}</p>
      {fault !== null && (
        <p className="entry-fault" role="alert">
          {words[fault]}
        </p>
      )}
      <form method="post" action={here}>
        <label>
          {words.email}
          <input name="email" type="email" autoComplete="username" value={whose.email} readOnly />
        </label>
        <NewPassword />
        <button className="btn solid">{words.save}</button>
      </form>
      <LanguageSwitch back={here} />
    </EntryPage>
  );
}

import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { secondStepCookie } from "../../server/second-step-cookie.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { useTranslation } from "../i18n/context.tsx";
import { codePath, signInPath } from "../names/paths.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { ownPath } from "../server/own-path.server.ts";
import { fromTheBeginning } from "../server/second-step.server.ts";
import { deviceOf, startSession } from "../server/session.server.ts";
import { CodeField } from "../sign-in/code-field.tsx";
import { EntryPage, LanguageSwitch, useSignInWords } from "../sign-in/entry-page.tsx";
import { secondFactorWords } from "../sign-in/second-factor-words.ts";
import styles from "../sign-in/sign-in.css?url";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = () => [{ title: "Fio" }];

type Answer = { fault: "wrongCode" | "limited" | "away" };

const backIn = (request: Request): string => ownPath(new URL(request.url).searchParams.get("back"));

/** Nothing is looked up: whoever made a step up is told with the code. */
export function loader({ request, context }: LoaderFunctionArgs) {
  const back = backIn(request);
  if (!context.signInRequired || context.agent !== null) throw redirect(back);
  const step = secondStepCookie.of(request, { secure: context.secureCookies });
  if (step === null) throw redirect(signInPath(back));
  return { back };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const back = backIn(request);
  const { secureCookies: secure } = context;
  const step = secondStepCookie.of(request, { secure });
  if (step === null) return fromTheBeginning(back, context);
  const given = { step, code: textOf(form, "code").slice(0, 100), ...deviceOf(request, context) };
  try {
    const signIn = await context.accounts.signInByCode(given);
    if (signIn.kind === "ended") return fromTheBeginning(back, context);
    if (signIn.kind === "signed in") {
      const entered = startSession(signIn.token, back, context);
      entered.headers.append("Set-Cookie", secondStepCookie.clear({ secure }));
      return entered;
    }
    if (signIn.kind === "limited") {
      const headers = { "Retry-After": String(signIn.retryAfter) };
      return data<Answer>({ fault: "limited" }, { status: 429, headers });
    }
    return data<Answer>({ fault: "wrongCode" }, { status: 401 });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return data<Answer>({ fault: "away" }, { status: 503 });
  }
}

export default function SignInCode() {
  const { back } = useLoaderData<typeof loader>();
  const fault = useActionData<Answer>()?.fault ?? null;
  const entry = useSignInWords();
  const words = secondFactorWords(useTranslation().language);
  return (
    <EntryPage title={() => words.title}>
      {fault !== null && (
        <p className="entry-fault" role="alert">
          {fault === "wrongCode" ? words.wrongCode : entry[fault]}
        </p>
      )}
      <p>{words.hint}</p>
      <form method="post" action={codePath(back)}>
        <CodeField label={words.code} recovery autoFocus />
        <button className="btn solid">{words.enter}</button>
      </form>
      <p>{words.lost}</p>
      <a className="btn quiet" href={signInPath(back)}>
        {words.restart}
      </a>
      <LanguageSwitch back={codePath(back)} />
    </EntryPage>
  );
}

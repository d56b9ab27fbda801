import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { isUnavailable } from "../../server/unavailable.ts";
import { signInPath } from "../names/paths.ts";
import { ownPath } from "../server/own-path.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { askForCode } from "../server/second-step.server.ts";
import { deviceOf, startSession } from "../server/session.server.ts";
import { EntryPage, LanguageSwitch, useSignInWords } from "../sign-in/entry-page.tsx";
import { OidcFault, OidcWay } from "../sign-in/oidc.tsx";
import { oidcFaultIn } from "../sign-in/oidc-words.ts";
import styles from "../sign-in/sign-in.css?url";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = () => [{ title: "Fio" }];

/** What is told on the form. */
type Answer = { fault: "refused" | "limited" | "away"; email: string };

export function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const back = ownPath(searchParams.get("back"));
  if (!context.signInRequired || context.agent !== null) throw redirect(back);
  const again = searchParams.get("again") === "code";
  return { back, again, issuer: context.oidcName, issuerFault: oidcFaultIn(searchParams) };
}

/** A wrong password, an unknown and a disabled account are told alike. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const back = new URL(request.url).searchParams.get("back");
  const email = textOf(form, "email").slice(0, 1_000);
  const given = { email, password: textOf(form, "password"), ...deviceOf(request, context) };
  try {
    const signIn = await context.accounts.signIn(given);
    if (signIn.kind === "signed in") return startSession(signIn.token, back, context);
    if (signIn.kind === "code") return askForCode(signIn.step, back, context);
    if (signIn.kind === "limited") {
      const headers = { "Retry-After": String(signIn.retryAfter) };
      return data<Answer>({ fault: "limited", email }, { status: 429, headers });
    }
    return data<Answer>({ fault: "refused", email }, { status: 401 });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return data<Answer>({ fault: "away", email }, { status: 503 });
  }
}

export default function SignIn() {
  const { back, again, issuer, issuerFault } = useLoaderData<typeof loader>();
  const answer = useActionData<Answer>();
  const words = useSignInWords();
  const here = signInPath(back);
  return (
    <EntryPage title={({ title }) => title}>
      {answer !== undefined && (
        <p className="entry-fault" role="alert">
          {words[answer.fault]}
        </p>
      )}
      {answer === undefined && again && (
        <p className="entry-fault" role="alert">
          {words.codeTooLate}
        </p>
      )}
      {answer === undefined && issuerFault !== null && <OidcFault fault={issuerFault} name={issuer} />}
      {issuer !== null && <OidcWay name={issuer} back={back} />}
      <form method="post" action={here}>
        <label>
          {words.email}
          <input
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={answer?.email ?? ""}
            maxLength={254}
            required
          />
        </label>
        <label>
          {words.password}
          <input name="password" type="password" autoComplete="current-password" maxLength={256} required />
        </label>
        <button className="btn solid">{words.enter}</button>
      </form>
      <p>{words.forgot}</p>
      <LanguageSwitch back={here} />
    </EntryPage>
  );
}

import { useTranslation } from "../i18n/context.tsx";
import { oidcPath } from "../names/paths.ts";
import { oidcWords, type OidcFaultShown } from "./oidc-words.ts";

/** The way in by the office's own issuer of identities. A link: a form may not lead to another site. */
export function OidcWay({ name, back }: { name: string; back: string }) {
  const words = oidcWords(useTranslation().language, name);
  return (
    <>
      <a className="btn entry-way" href={oidcPath(back)}>
        {words.enter}
      </a>
      <p className="entry-or">{words.or}</p>
    </>
  );
}

/** Why it led back here. */
export function OidcFault({ fault, name }: { fault: OidcFaultShown; name: string | null }) {
  const words = oidcWords(useTranslation().language, name ?? "");
  return (
    <p className="entry-fault" role="alert">
      {words.faults[fault]}
    </p>
  );
}

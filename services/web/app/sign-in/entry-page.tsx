import { useTranslation } from "../i18n/context.tsx";
import { PATHS } from "../names/paths.ts";
import { FioIcon } from "../ui/icons.tsx";
import { signInWords, type SignInWords } from "./words.ts";

/** What stands before the app: a card in the middle of an empty page. */
export function EntryPage({
  title,
  wide = false,
  children,
}: {
  title: (words: SignInWords) => string;
  /** For lists. */
  wide?: boolean;
  children: React.ReactNode;
}) {
  const words = useSignInWords();
  return (
    <main className="entry" id="content">
      <div className={wide ? "entry-card wide" : "entry-card"}>
        <span className="entry-brand">
          <FioIcon />
        </span>
        <h1>{title(words)}</h1>
        {children}
      </div>
    </main>
  );
}

export const useSignInWords = (): SignInWords => signInWords(useTranslation().language);

/** The same form in the other language, without a script. */
export function LanguageSwitch({ back }: { back: string }) {
  const { language } = useTranslation();
  return (
    <form method="post" action={PATHS.preferences}>
      <input type="hidden" name="back" value={back} />
      <button
        className="btn quiet sm"
        name="switch"
        value="language"
        lang={language === "en" ? "pt-BR" : "en"}
      >
        {language === "en" ? "Português" : "English"}
      </button>
    </form>
  );
}

import { PenLine, Users } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords, type LaterWords } from "../../i18n/later.ts";
import { Icon } from "../../ui/icons.tsx";
import { shownOf } from "./present.ts";
import { usePresent } from "./use-present.ts";

const pt = {
  more: "mais {{count}}",
  writing_one: "{{names}} está respondendo",
  writing_other: "{{names}} estão respondendo",
  looking_one: "{{names}} está nesta conversa",
  looking_other: "{{names}} estão nesta conversa",
} as const;
const WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    more: "{{count}} more",
    writing_one: "{{names}} is answering",
    writing_other: "{{names}} are answering",
    looking_one: "{{names}} is in this conversation",
    looking_other: "{{names}} are in this conversation",
  },
};

/** Who else has the conversation before them, and who writes. */
export default function Presence({ id }: { id: string }) {
  const { language } = useTranslation();
  const t = useWords(WORDS);
  const shown = shownOf(usePresent(id));
  const words = (): string => {
    if (shown === null) return "";
    const { names, more, writing } = shown;
    const all = more === 0 ? names : [...names, t("more", { count: more })];
    const told = new Intl.ListFormat(language).format(all);
    return t(writing ? "writing" : "looking", { names: told, count: names.length + more });
  };
  return (
    <div className="present" role="status">
      {shown !== null && (
        <p>
          <Icon of={shown.writing ? PenLine : Users} />
          <bdi>{words()}</bdi>
        </p>
      )}
    </div>
  );
}

import { MessagesSquare } from "lucide-react";
import { useWords, type LaterWords } from "../../i18n/later.ts";
import { KeyCaps } from "../../keys/key-caps.tsx";
import { Icon } from "../../ui/icons.tsx";

const pt = {
  title: "{{name}} respondeu enquanto você escrevia.",
  somebody: "Alguém respondeu enquanto você escrevia.",
  ask: "Enviar a sua resposta mesmo assim?",
  send: "Enviar mesmo assim",
  back: "Voltar ao texto",
} as const;
const WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    title: "{{name}} answered while you were writing.",
    somebody: "Somebody answered while you were writing.",
    ask: "Send your answer all the same?",
    send: "Send all the same",
    back: "Back to the text",
  },
};

/** Above the field, before an answer goes out that was begun before somebody else's came. */
export default function AnsweredMeanwhile({
  name,
  form,
  back,
}: {
  /** Of who answered; `undefined` where that is not known. */
  name: string | undefined;
  /** The id of the form that is sent. */
  form: string;
  back: () => void;
}) {
  const t = useWords(WORDS);
  return (
    <div className="banner kept" role="alert">
      <Icon of={MessagesSquare} />
      <p>
        <strong>{name === undefined ? t("somebody") : t("title", { name })}</strong> {t("ask")}
      </p>
      <p className="kept-acts">
        <button className="btn sm" form={form}>
          {t("send")} <KeyCaps of="send" />
        </button>
        <button className="btn sm quiet" type="button" onClick={back}>
          {t("back")} <KeyCaps of="leave" />
        </button>
      </p>
    </div>
  );
}

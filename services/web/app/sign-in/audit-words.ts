import type { AuditAction } from "@fio/contracts";
import type { Language } from "../i18n/i18n.ts";

/** Each after the name of who did it. */
const ACTIONS: Record<Language, Record<AuditAction, string>> = {
  "pt-BR": {
    sign_in: "entrou",
    sign_in_failed: "errou o e-mail ou a senha",
    sign_in_limited: "tentou entrar vezes demais",
    sign_out: "saiu",
    session_ended: "encerrou uma sessão sua em outro navegador",
    password_set: "escolheu a senha pelo link",
    password_changed: "trocou a própria senha",
    account_added: "criou a conta",
    account_disabled: "desativou a conta",
    account_enabled: "ativou de novo a conta",
    sessions_ended: "encerrou as sessões da conta",
    link_made: "criou um link de senha para a conta",
    close: "fechou uma conversa",
    carry: "levou para outra conversa uma mensagem que não entrou",
    seen: "marcou como vista uma mensagem que não entrou",
    assign: "passou uma conversa",
    replay: "mandou tentar de novo o que não entrou",
    erase: "apagou uma conversa para sempre",
  },
  en: {
    sign_in: "signed in",
    sign_in_failed: "got the e-mail or the password wrong",
    sign_in_limited: "tried to sign in too often",
    sign_out: "signed out",
    session_ended: "ended a session of theirs in another browser",
    password_set: "chose a password by the link",
    password_changed: "changed their own password",
    account_added: "added the account",
    account_disabled: "disabled the account",
    account_enabled: "enabled the account again",
    sessions_ended: "ended the sessions of the account",
    link_made: "made a new link for the account",
    close: "closed a conversation",
    carry: "moved a message that was left out to another conversation",
    seen: "marked a message that was left out as seen",
    assign: "assigned a conversation",
    replay: "had what was left out tried again",
    erase: "erased a conversation for good",
  },
};

const ptBR = {
  title: "Quem fez o quê",
  person: "Pessoa",
  everyone: "Todas",
  from: "De",
  to: "Até",
  show: "Mostrar",
  none: "Nada neste período.",
  older: "Mais antigas",
  operator: "Quem opera o servidor",
  somebody: "Alguém",
  unknown: "Uma conta que não existe mais",
  conversation: "Abrir a conversa",
};
const en: typeof ptBR = {
  title: "Who did what",
  person: "Person",
  everyone: "Everyone",
  from: "From",
  to: "To",
  show: "Show",
  none: "Nothing in this period.",
  older: "Older",
  operator: "Whoever operates the server",
  somebody: "Somebody",
  unknown: "An account that is no more",
  conversation: "Open the conversation",
};

export const auditWords = (language: Language) => ({
  ...(language === "en" ? en : ptBR),
  actions: ACTIONS[language],
});

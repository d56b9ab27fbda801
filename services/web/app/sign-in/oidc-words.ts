import type { Language } from "../i18n/i18n.ts";

const FAULTS = [
  "away",
  "denied",
  "ended",
  "failed",
  "limited",
  "no-account",
  "off",
  "unreached",
  "unverified",
] as const;
export type OidcFaultShown = (typeof FAULTS)[number];

/** As an address names it; `null`: nothing that there is. */
export const oidcFaultIn = (search: URLSearchParams): OidcFaultShown | null =>
  FAULTS.find((each) => each === search.get("oidc")) ?? null;

/** `name`: of the issuer. */
type Words = { enter: string; or: string; faults: Record<OidcFaultShown, string> };

const ptBR = (name: string): Words => ({
  enter: `Entrar com ${name}`,
  or: "ou com a senha do Fio",
  faults: {
    away: `${name} não respondeu. Tente de novo em alguns minutos.`,
    denied: `${name} não deixou você entrar, ou você desistiu. Tente de novo.`,
    ended:
      "Este login não vale mais: passou de dez minutos, já foi usado ou começou em outro navegador. Tente de novo.",
    failed: `A resposta de ${name} não pôde ser usada. Avise quem cuida do Fio na sua equipe.`,
    limited: "Foram muitas tentativas. Tente de novo em alguns minutos.",
    "no-account": "Você não tem uma conta ativa no Fio. Peça uma a quem cuida do Fio na sua equipe.",
    off: "Não dá mais para entrar por aqui. Use a sua senha do Fio.",
    unreached: "Não foi possível entrar: o servidor não respondeu. Tente de novo.",
    unverified: `${name} não confirmou que este e-mail é seu. Avise quem cuida do Fio na sua equipe.`,
  },
});
const en = (name: string): Words => ({
  enter: `Sign in with ${name}`,
  or: "or with your password for Fio",
  faults: {
    away: `${name} did not answer. Try again in a few minutes.`,
    denied: `${name} did not let you in, or you changed your mind. Try again.`,
    ended:
      "This sign-in no longer counts: it took more than ten minutes, was used before or began in another browser. Try again.",
    failed: `The answer of ${name} could not be used. Tell whoever looks after Fio in your team.`,
    limited: "Too many attempts. Try again in a few minutes.",
    "no-account": "You have no active account in Fio. Ask whoever looks after Fio in your team for one.",
    off: "Nobody signs in this way any more. Use your password for Fio.",
    unreached: "You could not be signed in: the server did not answer. Try again.",
    unverified: `${name} did not confirm that this e-mail address is yours. Tell whoever looks after Fio in your team.`,
  },
});

export const oidcWords = (language: Language, name: string): Words => (language === "en" ? en : ptBR)(name);

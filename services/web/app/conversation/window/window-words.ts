import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  hours: "{{hours}} h",
  both: "{{hours}} h {{minutes}} min",
  minutes: "{{minutes}} min",
  moment: "menos de 1 min",
  open: "Dá para responder pelo WhatsApp por mais {{left}}",
  soon: "Só mais {{left}} para responder pelo WhatsApp, até {{time}}",
  closed: "Uma resposta agora não chega ao cliente.",
  "closed.why":
    "Faz mais de 24 horas que ele escreveu pela última vez, e o WhatsApp só entrega respostas dentro desse prazo. Quando ele escrever de novo, dá para responder.",
  never: "Uma mensagem agora não chega ao cliente.",
  "never.why":
    "Ele ainda não escreveu, e o WhatsApp só entrega mensagens nas 24 horas depois de o cliente escrever.",
  templates: "Os modelos aprovados, que chegam fora do prazo, ainda não podem ser enviados por aqui.",
} as const;

export const WINDOW_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    hours: "{{hours}} h",
    both: "{{hours}} h {{minutes}} min",
    minutes: "{{minutes}} min",
    moment: "less than 1 min",
    open: "You can answer on WhatsApp for another {{left}}",
    soon: "Only {{left}} left to answer on WhatsApp, until {{time}}",
    closed: "An answer won't reach the customer now.",
    "closed.why":
      "They last wrote more than 24 hours ago, and WhatsApp delivers answers only within that time. Once they write again, you can answer.",
    never: "A message won't reach the customer now.",
    "never.why":
      "They haven't written yet, and WhatsApp delivers messages only in the 24 hours after a customer wrote.",
    templates: "Approved templates, which arrive outside of that time, can't be sent from here yet.",
  },
};

import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  number: "O número não recebe mensagens do WhatsApp.",
  window:
    "Faz mais de 24 horas que o cliente escreveu pela última vez. Quando ele escrever, dá para responder.",
  limited: "O WhatsApp limitou as mensagens a este cliente por enquanto.",
  tooMany: "Foram mensagens demais em pouco tempo. Espere um pouco antes de escrever de novo.",
  access: "O acesso da empresa ao WhatsApp venceu. Avise quem cuida do sistema.",
  unknown: "O WhatsApp não confirmou. Antes de escrever de novo, veja se o cliente já respondeu.",
  other: "Motivo informado: {{detail}}",
  again: "Escrever de novo",
  put: "O texto está no campo. Confira e envie como uma mensagem nova.",
} as const;

export const NOT_DELIVERED_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    number: "The number doesn't receive WhatsApp messages.",
    window: "The customer last wrote more than 24 hours ago. Once they write, you can answer.",
    limited: "WhatsApp is limiting messages to this customer for now.",
    tooMany: "Too many messages in a short time. Wait a little before you write again.",
    access: "The company's access to WhatsApp has expired. Tell whoever runs the system.",
    unknown:
      "WhatsApp hasn't confirmed it. Before you write it again, see whether the customer has answered.",
    other: "Reason given: {{detail}}",
    again: "Write it again",
    put: "The text is in the field. Check it and send it as a new message.",
  },
};

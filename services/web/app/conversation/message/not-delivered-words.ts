import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  again: "Escrever de novo",
  put: "O texto está no campo. Confira e envie como uma mensagem nova.",
} as const;

export const NOT_DELIVERED_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    again: "Write it again",
    put: "The text is in the field. Check it and send it as a new message.",
  },
};

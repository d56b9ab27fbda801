import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  title: "Cliente",
  phone: "Telefone",
  copyPhone: "Copiar o telefone",
  others: "Outras conversas",
  none: "Nenhuma outra conversa.",
  more: "Mais conversas",
  failed: "Não foi possível carregar as outras conversas.",
  retry: "Tentar de novo",
  open: "Aberta",
  closed: "Fechada",
};

export const CUSTOMER_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    title: "Customer",
    phone: "Phone",
    copyPhone: "Copy the phone number",
    others: "Other conversations",
    none: "No other conversations.",
    more: "More conversations",
    failed: "The other conversations couldn't be loaded.",
    retry: "Try again",
    open: "Open",
    closed: "Closed",
  },
};

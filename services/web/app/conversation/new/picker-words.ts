import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  to: "Para",
  find: "Nome ou telefone do cliente",
  results: "Clientes encontrados",
  typed: "Usar {{phone}}",
  through: "pela conta {{account}}",
  none: "Ninguém com esse nome ou número. Digite o telefone com DDD.",
  without: "Sem cliente, a conversa fica só aqui.",
  change: "Trocar cliente",
  open: "Já há uma conversa aberta com este cliente.",
  goOpen: "Abrir",
  isOpen: "aberta",
} as const;

export const PICKER_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    to: "To",
    find: "The customer's name or phone",
    results: "Customers found",
    typed: "Use {{phone}}",
    through: "from account {{account}}",
    none: "Nobody has this name or number. Type the phone with its area code.",
    without: "Without a customer the conversation stays here only.",
    change: "Change customer",
    open: "There is an open conversation with this customer.",
    goOpen: "Open it",
    isOpen: "open",
  },
};

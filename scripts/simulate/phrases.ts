/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

const GREETINGS = [
  "Olá, tudo bem?",
  "Bom dia!",
  "Boa tarde, preciso de ajuda",
  "Oi 👋",
  "oi, tem alguém aí?",
];

const CUSTOMER = [
  "Meu pedido ainda não chegou",
  "O número é 48213, comprei na segunda-feira",
  "O rastreio está parado desde ontem 😕",
  "Vocês entregam em Niterói?",
  "Paguei no pix mas continua aguardando pagamento",
  "Queria trocar o tamanho da camiseta: pedi M e preciso de G",
  "Pode ser na parte da manhã?",
  "Recebi o produto errado, veio azul em vez de verde",
  "Qual o prazo para o estorno?",
  "Entendi",
  "Vou mandar a foto da etiqueta",
  "Endereço novo:\nRua das Laranjeiras, 120, ap 502\nRio de Janeiro",
  "Tá bom, obrigada! 🙏",
  "não consigo entrar na minha conta",
  "?",
];

const AGENT = [
  "Olá! Aqui é a Marina, da Fio. Como posso ajudar?",
  "Um momento, vou verificar o seu pedido.",
  "Encontrei! Ele saiu hoje do centro de distribuição.",
  "A previsão de entrega é amanhã até as 18h.",
  "Pode me confirmar o CPF do titular, por favor?",
  "O estorno cai em até 5 dias úteis na sua conta.",
  "Já abri a troca: o código de postagem é 7F3K-2291.",
  "Sinto muito pelo transtorno.",
  "Acabei de reenviar o link de acesso para o seu e-mail.",
  "Posso ajudar em algo mais?",
  "Por nada! Tenha um ótimo dia 😊",
];

const pick = (texts: readonly string[], random: Random): string =>
  texts[Math.floor(random() * texts.length)] ?? "";

/** What a customer, or the agent, would write as message number `index` of a conversation. */
export function phrase(direction: "RECEIVED" | "SENT", index: number, random: Random): string {
  if (direction === "SENT") return pick(AGENT, random);
  return pick(index === 0 ? GREETINGS : CUSTOMER, random);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A line of the conversation that the pictures show; `ago` and `late` in milliseconds. */
export type Line = { text: string; from: "us" | "customer"; ago: number; late?: number };

const LONG = `Segue o passo a passo da montagem, como me pediu:

1. Separe as peças por letra: A e B são as laterais, C a F as prateleiras, G o fundo.
2. Parafuse os pinos nas laterais sem apertar até o fim e encaixe as prateleiras de baixo para cima.
3. Confira o esquadro medindo as duas diagonais: a diferença não pode passar de 3 mm.
4. Só então aperte todos os parafusos, em cruz, e pregue o fundo começando pelos cantos.
5. Fixe o suporte na parede com as buchas de 8 mm que vão no saquinho menor.
6. Espere 24 horas antes de carregar a prateleira de cima, que aguenta até 12 kg.
7. Guarde a chave: ela serve para reapertar tudo depois de um mês, como recomenda o fabricante.

Se faltar alguma peça, mande uma foto do saquinho com a letra e a gente envia no mesmo dia, sem custo.`;

export const STORY: readonly Line[] = [
  {
    text: "Boa tarde! Comprei uma estante e o manual veio rasgado 😕",
    from: "customer",
    ago: 15 * HOUR - MINUTE,
  },
  { text: "Consegue me mandar a montagem por aqui?", from: "customer", ago: 15 * HOUR - 2 * MINUTE },
  { text: "Boa tarde! Claro, um momento.", from: "us", ago: 15 * HOUR - 9 * MINUTE },
  { text: LONG, from: "us", ago: 15 * HOUR - 14 * MINUTE },
  { text: "Nossa, que atendimento! Obrigada 🙏", from: "customer", ago: 15 * HOUR - 31 * MINUTE },
  { text: "😍🎉", from: "customer", ago: 15 * HOUR - 31 * MINUTE - 4_000 },
  {
    text: "As letras estão na etiqueta de cada saquinho. O vídeo da montagem mostra peça por peça: https://ajuda.example/estante-5/montagem",
    from: "us",
    ago: 15 * HOUR - 38 * MINUTE,
  },
  {
    text: "Bom dia! Quem vai receber é um colega que escreve em árabe. Ele pediu para encaminhar:",
    from: "customer",
    ago: 26 * MINUTE,
  },
  {
    text: "مرحبًا، سأكون في الموقع من الساعة الثامنة صباحًا. هل يمكن للسائق الاتصال بي قبل الوصول؟ شكرًا لكم.",
    from: "customer",
    ago: 25 * MINUTE,
  },
  {
    text: "Claro! O motorista liga 30 minutos antes. Dá para acompanhar por aqui: https://entregas.example/acompanhar/20418?janela=8-12",
    from: "us",
    ago: 21 * MINUTE,
  },
  { text: "Conseguiu ver?", from: "customer", ago: 14 * MINUTE },
  { text: "Consegui sim! A caixa tem 1,95 m, então passa em pé 👍", from: "us", ago: 9 * MINUTE },
];

/** Written before the last lines of the story, and delivered after them. */
export const LATE = "E o elevador tem 2,10 m de altura, será que a caixa passa?";

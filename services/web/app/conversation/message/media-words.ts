import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  image: "Foto",
  audio: "Áudio",
  voice: "Mensagem de voz",
  video: "Vídeo",
  document: "Documento",
  sticker: "Figurinha",
  open: "Abrir em outra aba: {{name}}",
  download: "Baixar",
  kept: "O Fio ainda não guarda arquivos.",
  away: "Por enquanto, este arquivo só abre no celular: o Fio ainda não busca arquivos no WhatsApp.",
  "why.gone":
    "Este arquivo não está mais no endereço de onde veio. Peça ao cliente que envie de novo ou veja no celular.",
  "why.large": "Este arquivo é grande demais para abrir aqui. Veja no celular.",
  "why.format": "O navegador não mostra este formato. Baixe o arquivo ou veja no celular.",
  "why.now": "Não deu para buscar este arquivo agora.",
  again: "Tentar de novo",
} as const;

export const MEDIA_WORDS: LaterWords<typeof pt> = {
  "pt-BR": pt,
  en: {
    image: "Photo",
    audio: "Audio",
    voice: "Voice message",
    video: "Video",
    document: "Document",
    sticker: "Sticker",
    open: "Open in another tab: {{name}}",
    download: "Download",
    kept: "Fio doesn't keep files yet.",
    away: "For now this file opens on the phone alone: Fio doesn't fetch files from WhatsApp yet.",
    "why.gone":
      "This file is no longer at the address it came from. Ask the customer to send it again, or look on the phone.",
    "why.large": "This file is too large to open here. Look on the phone.",
    "why.format": "The browser doesn't show this format. Download the file, or look on the phone.",
    "why.now": "This file couldn't be fetched just now.",
    again: "Try again",
  },
};

import { en } from "./en.ts";
import { addWords } from "./i18n.ts";
import { ptBR } from "./pt-BR.ts";

addWords("pt-BR", ptBR);
addWords("en", en);

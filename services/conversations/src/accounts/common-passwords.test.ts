import { expect, test } from "vitest";
import { isCommon } from "./common-passwords.ts";

const ANA = { email: "ana.lima@fio.example", name: "Ana Lima" };

test.each([
  "123456789012",
  "qwertyuiop123",
  "Password1234",
  "!!!Flamengo2026!!!",
  "senha senha senha",
  "senhasenhasenha",
  "aaaaaaaaaaaaaaaa",
  "abababababab",
  "Ana Lima 12345",
  "ana.lima@fio.example",
  "analima!!!!!!!",
  "São Paulo 2026",
])("%s is refused", async (password) => {
  expect(await isCommon(password, ANA)).toBe(true);
});

test.each([
  "uma frase fácil de lembrar",
  "a cavalo dado não se olha",
  "Zk3#vQ9!pL2m",
  "a password of hers",
  "Ana vai à feira às 7",
])("%s is taken", async (password) => {
  expect(await isCommon(password, ANA)).toBe(false);
});

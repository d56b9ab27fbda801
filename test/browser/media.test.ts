import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Media } from "@fio/contracts";
import { startMediaServer, type MediaServer } from "../support/media-server.ts";
import { violationsInBothThemes } from "./support/accessible.ts";
import { closeConversation, newConversation, newMessage, startApp, type App } from "./support/app.ts";
import { isLive, threadOf } from "./support/page.ts";

let files: MediaServer;
let app: App;
beforeAll(async () => {
  files = await startMediaServer();
  app = await startApp({ env: { MEDIA_PRIVATE_HOSTS: files.host } });
});
afterAll(async () => {
  await app.end();
  await files.end();
});

const withFile = (conversation: string, content: string, media: Media): object => {
  const event = newMessage(conversation, content);
  return { ...event, data: { ...event.data, media } };
};
const photo = (): Media => ({
  kind: "image",
  url: `${files.url}/photo.png`,
  name: "peça.png",
  size: 184_213,
});

test("a photo is seen, sound is heard, a document is saved, and once they are gone that is said with a way on", async () => {
  const id = randomUUID();
  await app.post(
    newConversation(id),
    withFile(id, "Foto\na peça que chegou", photo()),
    withFile(id, "Mensagem de voz", { kind: "audio", url: `${files.url}/voice.wav`, voice: true }),
    withFile(id, "Documento: contrato.pdf", {
      kind: "document",
      url: `${files.url}/contract.pdf`,
      name: "contrato.pdf",
      size: 2_400_000,
    }),
  );
  // The browser itself notes each file that was not there, and that a tab with a file alone gets no icon from the app.
  const { page, context, faults } = await app.agents.agent({ expected: /404|NotSameOrigin/ });
  await page.goto(`/conversations/${id}`);
  await isLive(page);
  const thread = threadOf(page);
  const picture = thread.getByRole("link", { name: "Abrir em outra aba: peça.png" });
  await expect
    .poll(() => picture.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(320);
  await thread.getByText("O Fio ainda não guarda arquivos.").first().waitFor();
  const player = thread.locator("audio");
  await player.evaluate((audio: HTMLAudioElement) => audio.play());
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBe(1);
  expect(await violationsInBothThemes(page)).toEqual([]);

  const saved = page.waitForEvent("download");
  await thread.getByRole("link", { name: /contrato\.pdf.*Baixar/ }).click();
  expect((await saved).suggestedFilename()).toBe("contrato.pdf");

  const [opened] = await Promise.all([context.waitForEvent("page"), picture.click()]);
  await opened.waitForLoadState();
  expect(new URL(opened.url()).pathname).toMatch(/^\/media\//);
  expect(await opened.evaluate(() => window.opener as unknown)).toBeNull();
  await expect
    .poll(() => opened.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(320);
  await opened.close();

  files.isGone = true;
  await page.reload();
  await isLive(page);
  const gone = thread.getByText("Este arquivo não está mais no endereço de onde veio.");
  await gone.first().waitFor();
  await thread.getByRole("link", { name: /contrato\.pdf/ }).click();
  await expect.poll(() => gone.count()).toBe(2);
  expect(await violationsInBothThemes(page)).toEqual([]);
  files.isGone = false;
  await thread.getByRole("button", { name: "Tentar de novo" }).first().click();
  await expect
    .poll(() => picture.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(320);
  expect(faults).toEqual([]);
  await context.close();
});

test("a picture takes its place before it is there, so that nothing moves", async () => {
  const id = randomUUID();
  await app.post(newConversation(id), withFile(id, "Foto", photo()), newMessage(id, "Viu?"));
  const { page, context } = await app.agents.agent();
  let answer: (() => void) | undefined;
  const asked = new Promise<void>((seen) => {
    void page.route("**/media/**", async (route) => {
      seen();
      await new Promise<void>((go) => (answer = go));
      await route.continue();
    });
  });
  await page.goto(`/conversations/${id}`);
  await asked;
  const top = () =>
    threadOf(page)
      .getByText("Viu?")
      .evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();
  answer?.();
  await expect
    .poll(() =>
      threadOf(page)
        .locator("img")
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBe(320);
  expect(await top()).toBe(before);
  await context.close();
});

test("a file without an address says what it is and where to see it, in both languages and on a narrow page", async () => {
  const id = randomUUID();
  const media: Media = { kind: "video", id: "77", mime_type: "video/mp4", size: 3_145_728 };
  await app.post(newConversation(id), withFile(id, "Vídeo", media));
  const { page, context, faults } = await app.agents.agent({ size: "phone" });
  await page.goto(`/conversations/${id}`);
  await threadOf(page).getByText("este arquivo só abre no celular", { exact: false }).waitFor();
  await threadOf(page).getByText("video/mp4, 3,1 MB").waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(faults).toEqual([]);
  await context.close();
  const english = await app.agents.agent({ language: "en-US", theme: "dark" });
  await english.page.goto(`/conversations/${id}`);
  await threadOf(english.page).getByText("this file opens on the phone alone", { exact: false }).waitFor();
  await threadOf(english.page).getByText("video/mp4, 3.1 MB").waitFor();
  await english.context.close();
});

test("the photo of a message that came after the close is seen where that message stands", async () => {
  const id = randomUUID();
  await app.post(newConversation(id), newMessage(id, "Oi"), closeConversation(id));
  await app.post(withFile(id, "Foto", photo())).catch(() => undefined);
  const { page, context } = await app.agents.agent();
  await page.goto(`/conversations/${id}`);
  await expect
    .poll(() => page.locator(".after-close img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(320);
  await context.close();
});

test("nothing but files of messages is given out, and none with rights of the app's", async () => {
  const id = randomUUID();
  const page = withFile(id, "Documento", {
    kind: "document",
    url: `${files.url}/page.html`,
    mime_type: "text/html",
  });
  const inside = withFile(id, "Foto", { kind: "image", url: "https://169.254.169.254/latest/meta-data/" });
  await app.post(newConversation(id), page, inside, newMessage(id, "Oi"));
  const ask = (event: object) =>
    fetch(`${app.system.webUrl}/media/${(event as { data: { id: string } }).data.id}`);
  const answer = await ask(page);
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("content-disposition")).toBe("attachment");
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  expect((await ask(inside)).status).toBe(403);
  for (const other of [randomUUID(), "x", encodeURIComponent("http://127.0.0.1/")]) {
    expect((await fetch(`${app.system.webUrl}/media/${other}`)).status).toBe(404);
  }
});

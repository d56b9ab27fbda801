import { isLive, replyField, threadOf } from "../test/browser/support/page.ts";
import { countingProxy } from "./support/counting-proxy.ts";
import { beside, say } from "./support/figures.ts";
import { withApp } from "./support/with-app.ts";

/*
 * How much JavaScript a browser loads on its first visit until a thread can be used: its messages are shown, it
 * is live, and a typed answer appears in it. Counted on the network, gzipped as over plain http on a name.
 *
 *   node bench/weight.ts
 */

const TARGET_KB = 150;

await withApp({ env: { PUBLIC_URL: "http://fio.test" } }, async (app) => {
  const proxy = await countingProxy(app.system.webUrl);
  try {
    const id = await app.conversation("Bom dia!", "> Olá! Como posso ajudar?", "Meu pedido ainda não chegou");
    // Not this machine's own name: browsers would ask for brotli there.
    const { page, faults } = await app.agents.agent({ base: `http://fio.test:${proxy.port}` });
    const began = performance.now();
    await page.goto(`/conversations/${id}`, { waitUntil: "commit" });
    await threadOf(page).getByText("Meu pedido ainda não chegou").waitFor();
    const read = performance.now() - began;
    await isLive(page);
    await replyField(page).fill("Vou verificar");
    await page.keyboard.press("Enter");
    await threadOf(page).getByText("Vou verificar").waitFor();
    const usable = performance.now() - began;
    const scripts = proxy.passed.filter(({ type }) => /javascript/.test(type));
    const others = proxy.passed.filter(({ type }) => /css|html/.test(type));

    for (const { path, bytes, encoding } of scripts.toSorted((a, b) => b.bytes - a.bytes)) {
      say(`${String(bytes).padStart(8)}  ${encoding || "as it is"}  ${path}`);
    }
    const kb = (some: readonly { bytes: number }[]): number =>
      some.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000;
    say(`${scripts.length} scripts; ${kb(others).toFixed(1)} kB of HTML and CSS beside them`);
    say(
      `messages readable after ${read.toFixed(0)} ms, an answer in the thread after ${usable.toFixed(0)} ms`,
    );
    const unzipped = scripts.filter(({ encoding }) => encoding !== "gzip").length;
    if (unzipped > 0 || faults.length > 0)
      throw new Error(`${unzipped} scripts not gzipped; ${faults.join("; ")}`);
    process.exitCode = beside("JavaScript until the first thread is usable", kb(scripts), TARGET_KB, "kB")
      ? 0
      : 1;
  } finally {
    proxy.close();
  }
});

import type { Locator, Page } from "playwright-core";

/** Resolves once the wide page shows that it is live, in either language. */
export const isLive = (page: Page): Promise<void> =>
  page
    .getByRole("region", { name: /^(Conversas|Conversations)$/ })
    .getByText(/Ao vivo|Live/)
    .last()
    .waitFor();

/** Resolves once all that can be opened without a network has been loaded. */
export const hasAllCode = (page: Page): Promise<void> =>
  page.locator("html[data-whole]").waitFor({ state: "attached" });

export const threadOf = (page: Page): Locator => page.getByRole("log");
export const replyField = (page: Page): Locator =>
  page.getByRole("textbox", { name: /^(Resposta para|Reply to)/ });

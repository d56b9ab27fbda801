import type { Page } from "playwright-core";
import { AxeBuilder } from "@axe-core/playwright";

/** What axe finds against WCAG 2.2 AA and its best practices, one line each. */
export async function violations(page: Page): Promise<string[]> {
  return listed(await new AxeBuilder({ page }).analyze());
}

/** The same, and what of its colours cannot be read in the other theme. */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  const found = await violations(page);
  const set = (to: string | null): Promise<string | null> =>
    page.evaluate((theme) => {
      const { dataset } = document.documentElement;
      const before = dataset["theme"] ?? null;
      dataset["theme"] = theme ?? (before === "dark" ? "light" : "dark");
      return before;
    }, to);
  const before = await set(null);
  found.push(...listed(await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze()));
  await set(before ?? "light");
  return found;
}

function listed({ violations: found }: Awaited<ReturnType<AxeBuilder["analyze"]>>): string[] {
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}

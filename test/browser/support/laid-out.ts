import type { Page } from "playwright-core";

/**
 * What is laid out so that a hand or an eye misses it, a line each: what reaches out of the window or of what it stands
 * in, controls too small to hit (WCAG 2.2's 24 px; links within a text are as high as it), controls without a name, and those within a heading.
 */
export const misplaced = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const named = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} "${element.textContent.trim().slice(0, 30)}"`;
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
    for (const dialog of document.querySelectorAll("[role=dialog], [role=alertdialog]")) {
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)
        found.push(`${named(dialog)} reaches out of the window`);
    }
    for (const control of document.querySelectorAll(":is(h1, h2, h3, h4) :is(button, [role=button])"))
      found.push(`${named(control)} is read out as part of a heading`);
    const controls =
      "button, a[href], input:not([type=hidden], [aria-hidden=true]), select, textarea, summary";
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      const { width, height, left, right } = control.getBoundingClientRect();
      const style = getComputedStyle(control);
      if (width < 2 || height < 2 || style.display === "inline" || style.visibility === "hidden") continue;
      const around = control.closest("nav, footer, fieldset")?.getBoundingClientRect();
      if (left < -1 || right > innerWidth + 1 || (around !== undefined && right > around.right + 1))
        found.push(`${named(control)} reaches out of what it stands in`);
      // What a label says it for is hit there too.
      const label = (control as HTMLInputElement).labels?.[0]?.getBoundingClientRect();
      if (Math.max(width, label?.width ?? 0) < 24 || Math.max(height, label?.height ?? 0) < 24)
        found.push(`${named(control)} is ${width} by ${height} px`);
      if (!control.ariaLabel && !control.textContent.trim() && !control.title && label === undefined)
        found.push(`${named(control)} has no name`);
    }
    return found;
  });

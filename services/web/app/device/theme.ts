import { cookieText } from "./cookies.ts";

/** The other theme, at once and on every page from now on. */
export function switchTheme(): void {
  const { dataset } = document.documentElement;
  const next = dataset["theme"] === "dark" ? "light" : "dark";
  dataset["theme"] = next;
  document.cookie = cookieText("theme", next);
}

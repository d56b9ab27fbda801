import { redirect, type AppLoadContext } from "@remix-run/node";
import { PATHS } from "../names/paths.ts";

/** Throws the way out for whoever is no admin: the page says nothing of it. */
export function adminSession({ agent, session }: AppLoadContext): string {
  if (agent?.role !== "admin" || session === null) throw redirect(PATHS.account);
  return session;
}

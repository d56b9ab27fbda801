import type { Page } from "playwright-core";
import type { Agent, AgentOptions } from "../../test/browser/support/agents.ts";
import type { App } from "../../test/browser/support/app.ts";
import type { Data } from "./data.ts";

export type Theme = "light" | "dark";
export type Size = NonNullable<AgentOptions["size"]>;
export type Language = "pt-BR" | "en-US";

/** What a picture is taken of; the words that it looks for exist in both languages. */
export type Scene = {
  app: App;
  data: Data;
  agent: Agent;
  page: Page;
  size: Size;
  /** The word of this language. */
  say: (portuguese: string, english: string) => string;
};

export type Shot = {
  name: string;
  options?: Pick<AgentOptions, "before">;
  /** Where the state does not exist on other widths. */
  sizes?: readonly Size[];
  make: (scene: Scene) => Promise<void>;
  /** Repairs what the picture needed broken. */
  after?: (scene: Scene) => Promise<void>;
};

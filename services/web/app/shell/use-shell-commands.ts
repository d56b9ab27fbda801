import { useNavigate, useParams, useSubmit } from "@remix-run/react";
import { useDetails } from "../conversation/details-context.tsx";
import { wantFocus } from "../conversation/composer/wanted-focus.ts";
import { switchTheme } from "../device/theme.ts";
import { useCommand } from "../keys/commands.ts";
import { PATHS } from "../names/paths.ts";
import { wakeFeed } from "../store/browser-feed.ts";
import { useNextWaiting } from "../inbox/use-next-waiting.ts";
import { useLayers } from "./layers-context.tsx";

/** What can be done on every page. */
export function useShellCommands(): void {
  const navigate = useNavigate();
  const submit = useSubmit();
  const layers = useLayers();
  const details = useDetails();
  const { id } = useParams();
  useCommand("palette", () => (layers.current === "palette" ? layers.close() : layers.open("palette")));
  useCommand("sheet", () => layers.open("shortcuts"));
  useCommand("conversations", () => navigate(PATHS.home));
  useCommand("rejections", () => navigate(PATHS.rejections));
  useCommand("search", () => navigate(PATHS.search));
  useCommand("longest", useNextWaiting());
  useCommand("new", () => {
    wantFocus("new conversation");
    submit(null, { method: "post", action: PATHS.conversations });
  });
  useCommand("details", id === undefined ? null : details.toggle);
  useCommand("hideDetails", details.drawer ? details.hide : null);
  useCommand("theme", switchTheme);
  useCommand("reconnect", wakeFeed);
}

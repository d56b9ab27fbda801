import { useNavigate, useParams } from "@remix-run/react";
import { useDetails } from "../conversation/details/details-context.tsx";
import { focusReply } from "../conversation/composer/reply-focus.ts";
import { switchTheme } from "../device/theme.ts";
import { useCommand } from "../keys/commands.ts";
import { NEW, PATHS } from "../names/paths.ts";
import { wakeFeed } from "../store/browser-feed.ts";
import { useNextWaiting } from "../inbox/use-next-waiting.ts";
import { useLayers } from "./layers-context.tsx";

/** What can be done on every page. */
export function useShellCommands(): void {
  const navigate = useNavigate();
  const layers = useLayers();
  const details = useDetails();
  const { id } = useParams();
  useCommand("palette", () => (layers.current === "palette" ? layers.close() : layers.open("palette")));
  useCommand("sheet", () => layers.open("shortcuts"));
  useCommand("manageReady", () => layers.open("ready"));
  useCommand("conversations", () => navigate(PATHS.home));
  useCommand("rejections", () => navigate(PATHS.rejections));
  useCommand("search", () => navigate(PATHS.search));
  useCommand("longest", useNextWaiting());
  useCommand("new", () => {
    navigate(PATHS.begin, { flushSync: true });
    focusReply(NEW);
  });
  useCommand("reply", id === undefined ? null : () => void focusReply());
  useCommand("details", id === undefined ? null : details.toggle);
  useCommand("hideDetails", details.drawer ? details.hide : null);
  useCommand("account", () => location.assign(PATHS.account));
  useCommand("theme", switchTheme);
  useCommand("reconnect", wakeFeed);
}

import { useNavigate } from "@remix-run/react";
import type { ComponentProps, MouseEvent } from "react";

type Props = Omit<ComponentProps<"a">, "onClick" | "href"> & { to: string; opened?: () => void };

/**
 * A link to what can be drawn at once: it is on the page before the next key or click is heard. An ordinary link's page
 * is drawn in the background, and keys go to the old one meanwhile. `opened` is called when it opens in this tab.
 * `to` is a whole path, and no `Link` resolves it: that would draw each row of a list again wherever one goes.
 */
export function InstantLink({ to, opened, ...others }: Props) {
  const navigate = useNavigate();
  const open = (event: MouseEvent<HTMLAnchorElement>): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to, { flushSync: true });
    opened?.();
  };
  return <a href={to} onClick={open} {...others} />;
}

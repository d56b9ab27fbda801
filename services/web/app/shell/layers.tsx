import { useEffect, useState } from "react";
import { useLayers } from "./layers-context.tsx";
import { PaletteEarly } from "./palette-early.tsx";
import { openedByKey } from "../keys/opened-by-key.tsx";
import { onDemand } from "../ui/on-demand.tsx";
import { onFirstToast } from "../ui/toast.ts";

const Palette = openedByKey(() => import("./palette.tsx"), { letters: "field" });
const Shortcuts = openedByKey(() => import("./shortcuts.tsx"));
const ReadyDialog = openedByKey(() => import("../conversation/ready/ready-dialog.tsx"));
const Toasts = onDemand(() => import("../ui/toaster.tsx"));

/** What opens over any page; each is loaded when it is first needed. */
export function Layers() {
  const { current, close } = useLayers();
  const [toasts, setToasts] = useState(false);
  const [query, setQuery] = useState("");
  useEffect(() => onFirstToast(() => setToasts(true)), []);
  useEffect(() => {
    if (current === null) setQuery("");
  }, [current]);
  return (
    <>
      {current === "palette" && (
        <Palette {...{ query, setQuery, close }} early={<PaletteEarly {...{ query, setQuery, close }} />} />
      )}
      {current === "shortcuts" && <Shortcuts close={close} />}
      {current === "ready" && <ReadyDialog close={close} />}
      {toasts && <Toasts />}
    </>
  );
}

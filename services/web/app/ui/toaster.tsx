import { useEffect } from "react";
import { Check, CircleAlert, Ellipsis } from "lucide-react";
import { Toaster, toast as sonner } from "sonner";
import { useTranslation } from "../i18n/context.tsx";
import { DoneIcon, Icon } from "./icons.tsx";
import { setToaster, type ToastMessage } from "./toast.ts";

const icons = {
  note: <Icon of={Check} />,
  done: <DoneIcon className="tick applied" />,
  bad: <Icon of={CircleAlert} />,
  busy: <Icon of={Ellipsis} />,
};

const SHOWN_MS = { note: 2_000, done: 5_000, bad: 10_000, busy: Infinity };

function show({ text, kind, action, id: own }: ToastMessage): void {
  sonner.custom(
    (id) => (
      <p className={`toast ${kind === "bad" ? "bad" : ""}`} role={kind === "bad" ? "alert" : "status"}>
        {icons[kind]}
        <span>{text}</span>
        {action !== undefined && (
          <button
            type="button"
            className="btn sm quiet"
            onClick={() => {
              action.run();
              // What has an id of its own gives way to what comes of the action.
              if (own === undefined) sonner.dismiss(id);
            }}
          >
            {action.label}
          </button>
        )}
      </p>
    ),
    { duration: SHOWN_MS[kind], ...(own === undefined ? {} : { id: own }) },
  );
}

/** Top right, below the head: never over the composer. */
export default function Toasts() {
  const { t } = useTranslation();
  useEffect(() => setToaster(show), []);
  return (
    <Toaster
      position="top-right"
      offset={{ top: 84, right: 24 }}
      mobileOffset={{ top: 68, left: 8, right: 8 }}
      containerAriaLabel={t("toasts.label")}
      gap={8}
    />
  );
}

import { toast } from "./toast.ts";

/** Copies; where the clipboard API is missing (plain http) by the older way. Resolves to whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.cssText = "position:fixed;opacity:0";
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    // The only way where navigator.clipboard does not exist.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const copied = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return copied;
  }
}

/** A button that copies and says so. */
export function CopyButton({
  text,
  label,
  title,
  copied,
  className,
  children,
}: {
  text: string;
  label: string;
  title?: string;
  /** The text shown once it is done. */
  copied: string;
  className: string;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      title={title}
      onClick={() =>
        void copyText(text).then((done) => {
          if (done) toast(copied, { kind: "note" });
        })
      }
    >
      {children}
    </button>
  );
}

import { useEffect } from "react";
import { useTranslation } from "../../i18n/context.tsx";
import { toast } from "../../ui/toast.ts";

/** Programs that copy a table put a picture of it beside its text: the text is what is meant. */
export const holdsOnlyFiles = ({ types }: DataTransfer): boolean =>
  types.includes("Files") && !types.includes("text/plain");

/** Says that files cannot be sent. */
export function useRefuseFiles(): () => void {
  const { t } = useTranslation();
  return () => toast(t("composer.files"), { kind: "bad" });
}

/** A file that is dropped anywhere does not take the app's place. */
export function useDropsRefused(): void {
  const refuse = useRefuseFiles();
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      over(event);
      if (event.defaultPrevented) refuse();
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  });
}

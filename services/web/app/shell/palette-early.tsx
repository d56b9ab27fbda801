import { useEffect, useLayoutEffect, useRef } from "react";
import { Search } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { Icon } from "../ui/icons.tsx";

/**
 * Stands in for the palette until that is loaded, and takes the keys at once: what is typed for it must not go into the
 * answer below, where Enter would send it.
 */
export function PaletteEarly({
  query,
  setQuery,
  close,
}: {
  query: string;
  setQuery: (query: string) => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const press = ({ key }: KeyboardEvent): void => {
      if (key === "Escape") close();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [close]);
  return (
    <>
      <div className="layer" onClick={close} />
      <div className="palette-place" role="dialog" aria-modal="true" aria-label={t("palette.label")}>
        <div className="dialog palette">
          <div className="p-input">
            <Icon of={Search} />
            <input
              ref={field}
              aria-label={t("palette.field")}
              placeholder={t("palette.placeholder")}
              value={query}
              onChange={({ target }) => setQuery(target.value)}
            />
          </div>
        </div>
      </div>
    </>
  );
}

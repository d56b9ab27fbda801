import { useTranslation } from "../../i18n/context.tsx";
import type { TextName } from "../../i18n/i18n.ts";

/** A line of the details: what, and its value. */
export function Fact({ name, children }: { name: TextName; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

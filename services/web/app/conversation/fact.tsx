import { useTranslation } from "../i18n/context.tsx";
import type { Key } from "../i18n/pt-BR.ts";

/** A line of the details: what, and its value. */
export function Fact({ name, children }: { name: Key; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

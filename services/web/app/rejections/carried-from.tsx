import { Link } from "@remix-run/react";
import { ArrowLeft } from "lucide-react";
import { customerOf } from "../names/customer.ts";
import { useTranslation } from "../i18n/context.tsx";
import { conversationPath } from "../names/paths.ts";
import { useCarriedFrom, useStore } from "../store/context.tsx";
import { Icon } from "../ui/icons.tsx";

/** The conversations whose messages this one began with: the way back of a carry. */
export function CarriedFrom({ id }: { id: string }) {
  const { t } = useTranslation();
  const store = useStore();
  return useCarriedFrom(id).map(({ conversation_id, receipts }) => {
    const { name, tail } = customerOf(conversation_id, store.row(conversation_id)?.contact);
    return (
      <Link className="carried-from" key={conversation_id} to={conversationPath(conversation_id)}>
        <Icon of={ArrowLeft} />
        {t("rejections.carriedFrom", { count: receipts.length, name: `${name} ${tail}` })}
      </Link>
    );
  });
}

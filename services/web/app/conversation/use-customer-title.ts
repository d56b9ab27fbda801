import { useEffect } from "react";
import { customerOf } from "../names/customer.ts";
import { useThread } from "../store/context.tsx";

/** The tab's title names the customer once that is known: going from one conversation to the next loads nothing. */
export function useCustomerTitle(id: string): void {
  const contact = useThread(id)?.row.contact;
  const { name, tail } = customerOf(id, contact);
  useEffect(() => {
    if (contact !== undefined) document.title = titleOfCustomer({ name, tail });
  }, [contact, name, tail]);
}

export const titleOfCustomer = ({ name, tail }: { name: string; tail: string }): string =>
  `${name} ${tail} · Fio`;

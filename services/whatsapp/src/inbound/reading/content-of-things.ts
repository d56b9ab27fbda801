import { objectOf, objectsOf, textOf, type Json } from "../../json.ts";

/** A place on the map, with a link to it. */
export function place(location: Json): string | null {
  const [latitude, longitude] = [textOf(location["latitude"]), textOf(location["longitude"])];
  if (latitude === null || longitude === null) return null;
  const names = [textOf(location["name"]), textOf(location["address"])].filter((text) => text !== null);
  const named = names.length === 0 ? `${latitude}, ${longitude}` : names.join(", ");
  return `Localização: ${named}\nhttps://maps.google.com/?q=${latitude},${longitude}`;
}

/** Cards of an address book, a line each. */
export function cards(contacts: readonly Json[]): string | null {
  if (contacts.length === 0) return null;
  return contacts
    .map((card) => {
      const name = objectOf(card["name"]);
      const phones = objectsOf(card["phones"]).map(
        (phone) => textOf(phone["phone"]) ?? textOf(phone["wa_id"]),
      );
      const emails = objectsOf(card["emails"]).map((email) => textOf(email["email"]));
      const told = [textOf(name["formatted_name"]) ?? textOf(name["first_name"]), ...phones, ...emails];
      const said = told.filter((text) => text !== null);
      return `Contato: ${said.length === 0 ? JSON.stringify(card) : said.join(", ")}`;
    })
    .join("\n");
}

/** What a customer put into the cart of a catalogue. */
export function order(given: Json): string | null {
  const items = objectsOf(given["product_items"]);
  if (items.length === 0) return null;
  const lines = items.map((item) => {
    const quantity = textOf(item["quantity"]) ?? "1";
    const price = [textOf(item["item_price"]), textOf(item["currency"])].filter((text) => text !== null);
    const product = textOf(item["product_retailer_id"]) ?? "produto sem código";
    return `${quantity} × ${product}${price.length === 0 ? "" : `, ${price.join(" ")} cada`}`;
  });
  return ["Pedido:", ...lines, textOf(given["text"])].filter((line) => line !== null).join("\n");
}

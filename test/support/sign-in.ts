import type { AccountRole, SignedIn } from "@fio/contracts";
import { createAccounts } from "../../services/conversations/src/accounts/accounts.ts";
import type { Store } from "../../services/conversations/src/store/connect.ts";

const PASSWORD = "uma frase fácil de lembrar";

/** A new account, signed in. */
export async function signInAs(
  store: Store,
  { name, role = "agent" }: { name: string; role?: AccountRole },
): Promise<SignedIn> {
  const accounts = createAccounts({ store, now: Date.now });
  const email = `${name.toLowerCase().replaceAll(/[^a-z]/g, "")}@fio.example`;
  const added = await accounts.administration.add({ email, name, role });
  if (added.kind !== "added") throw new Error(`${email}: ${added.kind}`);
  const device = { address: "127.0.0.1", browser: "a test's" };
  const begun = await accounts.acceptLink({ key: added.key, password: PASSWORD, ...device });
  if (begun.kind !== "signed in") throw new Error(`${email}: ${begun.kind}`);
  return begun;
}

import { expect, test } from "vitest";
import type { BegunOidc } from "@fio/contracts";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { CLIENT, startIssuer } from "../../../../test/support/oidc/issuer.ts";
import { visit } from "../../../../test/support/oidc/visit.ts";
import { DEVICE, startSignInApi } from "./testing/sign-in-api.ts";

const CALLBACK = "http://fio.test/sign-in/oidc/callback";
const NEXT = "the secret that comes after";

test("the issuer's secret is changed as the docs say, and whoever has begun to sign in gets in", async () => {
  const issuer = await startIssuer({ redirectUris: [CALLBACK] });
  issuer.people.set("ana", { email: "ana@office.example", email_verified: true, name: "Ana" });
  const database = await sqliteDatabase();
  const api = (secret: string) =>
    startSignInApi({
      create: () => Promise.resolve({ ...database, remove: () => Promise.resolve() }),
      oidc: { url: issuer.url, secret, clientId: CLIENT.id, allowedDomains: ["office.example"] },
    });
  type Api = Awaited<ReturnType<typeof api>>;
  const begin = async ({ ask }: Api): Promise<BegunOidc> => {
    const body = { redirect_uri: CALLBACK, address: DEVICE.address };
    return (await (await ask("POST", "/sign-in-oidc/begin", { body })).json()) as BegunOidc;
  };
  const finish = async ({ ask }: Api, { flow, url }: BegunOidc): Promise<number> => {
    const body = { flow, url: await visit(url, "ana"), ...DEVICE };
    return (await ask("POST", "/sign-in-oidc/finish", { body })).status;
  };

  const before = await api(CLIENT.secret);
  const [old, begun] = [await begin(before), await begin(before)];
  issuer.secrets.add(NEXT);
  expect(await finish(before, old)).toBe(201);
  // Restarted with the new one: what had begun goes on.
  await before.end();
  const after = await api(NEXT);
  expect(await finish(after, begun)).toBe(201);
  issuer.secrets.delete(CLIENT.secret);
  expect(await finish(after, await begin(after))).toBe(201);
  await after.end();

  // A secret that is not the issuer's lets nobody in: it is asked for.
  const wrong = await api(CLIENT.secret);
  expect(await finish(wrong, await begin(wrong))).not.toBe(201);
  await wrong.end();
  await database.remove();
  await issuer.close();
});

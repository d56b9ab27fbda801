import { expect, test } from "vitest";
import { startIssuer } from "../../../../test/support/oidc/issuer.ts";
import { readIssuer } from "./read-issuer.ts";

test("the doctor reads how an issuer calls itself, or why it does not answer", async () => {
  const issuer = await startIssuer();
  const address = issuer.url;
  expect(await readIssuer(undefined)).toEqual({ kind: "none" });
  expect(await readIssuer(address)).toEqual({ kind: "answers", address, says: address });
  const elsewhere = address.replace("127.0.0.1", "localhost");
  expect(await readIssuer(elsewhere)).toEqual({ kind: "answers", address: elsewhere, says: address });

  issuer.instead = (_request, response) => {
    response.writeHead(200).end("<p>");
    return true;
  };
  expect(await readIssuer(address)).toMatchObject({ kind: "silent", address });
  issuer.instead = (_request, response) => {
    response.writeHead(502).end();
    return true;
  };
  expect(await readIssuer(address)).toEqual({ kind: "silent", address, error: "it answers 502" });
  issuer.instead = () => true;
  expect(await readIssuer(address)).toMatchObject({ kind: "silent", address });
  await issuer.close();
  expect(await readIssuer(address)).toMatchObject({
    error: expect.stringMatching(/^ECONNREFUSED/) as string,
  });
});

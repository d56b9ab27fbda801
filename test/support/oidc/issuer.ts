import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Provider, type Configuration } from "oidc-provider";
import type { Certificate } from "../certificate.ts";

export const CLIENT = { id: "fio", secret: "what only Fio and the issuer know" };

/** What it says of somebody; `login` at its page is their subject. */
export type Person = { email?: string; email_verified?: boolean; name?: string };

/** A real OpenID provider on a free port of this machine. */
export type TestIssuer = {
  url: string;
  /** By what they type as their login. */
  people: Map<string, Person>;
  /** Takes a request before the provider does, when it answers `true`. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Of the client; several are in force while one is changed. */
  secrets: Set<string>;
  /** From now on it leads back to these, and begins anew. */
  leadsTo: (redirectUris: string[]) => void;
  /** Every path that was asked for. */
  asked: string[];
  close: () => Promise<void>;
};

/**
 * `inToken`: whether the ID token says the address, or the user's info alone. `host`: the address to listen on; by TLS with
 * `tls`.
 */
export async function startIssuer({
  redirectUris = [],
  inToken = true,
  host = "127.0.0.1",
  tls,
}: {
  redirectUris?: string[];
  inToken?: boolean;
  host?: string;
  tls?: Certificate;
} = {}): Promise<TestIssuer> {
  let handle: (...given: Parameters<RequestListener>) => unknown = (_request, response) =>
    response.writeHead(503).end();
  const issuer: TestIssuer = {
    ...{ url: "", people: new Map(), instead: null, asked: [], leadsTo: () => {} },
    secrets: new Set([CLIENT.secret]),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  const listener: RequestListener = (request, response) => {
    issuer.asked.push(request.url ?? "");
    if (issuer.instead?.(request, response) !== true) handle(request, response);
  };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: tls.certificate, key: tls.key }, listener);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  issuer.url = `${tls === undefined ? "http" : "https"}://${host}:${(server.address() as AddressInfo).port}`;
  const leadingTo = (uris: string[]): Configuration => ({
    clients: [
      {
        ...{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: uris },
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: !inToken,
    cookies: { keys: ["of a test"] },
    ttl: { IdToken: 600, AccessToken: 60, Grant: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => Promise.resolve({ sub: subject, ...issuer.people.get(subject) }),
    }),
    // Nobody is asked what they consent to.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId,
        accountId: oidc.session?.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  issuer.leadsTo = (uris) => {
    const provider = quiet(() => new Provider(issuer.url, leadingTo(uris)));
    provider.Client.prototype.compareClientSecret = (actual) => issuer.secrets.has(actual);
    handle = provider.callback();
  };
  issuer.leadsTo(redirectUris);
  return issuer;
}

/** It says at length that its pages are for development. */
function quiet<Value>(run: () => Value): Value {
  const { info, warn } = console;
  console.info = console.warn = () => {};
  try {
    return run();
  } finally {
    Object.assign(console, { info, warn });
  }
}

import * as client from "openid-client";
import { errorFacts } from "@fio/service/describe-error";
import type { Log } from "@fio/service/log";
import type { Identity } from "../../store/identities.ts";
import { nameOf, verifiedEmail } from "./claims.ts";
import { secretsOf } from "./flow.ts";

/** How an issuer is asked; `secret` is what it knows us by. */
export type IssuerSettings = { url: string; clientId: string; secret: string };

/** `email`: only one that the issuer vouches for. */
export type Proven = Identity & { email: string | null; name: string };
/** `ended`: begun elsewhere, or used before. `away`: no answer. `failed`: none that can be used. */
export type IssuerFault = { kind: "denied" | "ended" | "away" | "failed" };

/** An issuer of identities: an office's Google, Entra or Keycloak. Nothing throws: an issuer may do anything. */
export type Issuer = {
  /** Where the browser goes. */
  begin: (given: {
    flow: string;
    redirectUri: string;
  }) => Promise<{ kind: "begun"; url: string } | IssuerFault>;
  /** `url`: where the browser came back to, with what it brought. */
  finish: (given: { flow: string; url: string }) => Promise<{ kind: "proven"; proven: Proven } | IssuerFault>;
};

/** For each question; whoever signs in waits for three at most. */
const LIMIT_SECONDS = 5;
/** What an issuer says of itself changes seldom. Its keys are asked for anew by themselves. */
const KNOWN_MS = 3_600_000;
/** The longest that there are by the standard. */
const SUBJECT_MAX = 255;
const SCOPE = "openid email profile";

/** It is asked for the first time when somebody signs in by it. `now` in milliseconds. */
export function openIssuer({
  settings: { url, clientId, secret },
  log,
  now,
}: {
  settings: IssuerSettings;
  log: Log;
  now: () => number;
}): Issuer {
  let known: { since: number; configuration: client.Configuration } | null = null;
  let asking: Promise<client.Configuration> | null = null;

  /** As the issuer says that it wants it. */
  const authentication: client.ClientAuth = (server, ...rest) => {
    const byBody = server.token_endpoint_auth_methods_supported?.includes("client_secret_post") === true;
    (byBody ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret))(server, ...rest);
  };
  const discover = async (): Promise<client.Configuration> => {
    // What it signs is held against our clock, with half a minute of patience.
    const metadata = { [client.clockSkew]: Math.round((now() - Date.now()) / 1_000) };
    // On this machine alone: the settings refuse it elsewhere.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const plain = url.startsWith("http:") ? [client.allowInsecureRequests] : [];
    const configuration = await client.discovery(new URL(url), clientId, metadata, authentication, {
      timeout: LIMIT_SECONDS,
      // The signature is checked too, not the connection alone that the token came by.
      execute: [client.enableNonRepudiationChecks, ...plain],
    });
    known = { since: now(), configuration };
    return configuration;
  };
  const configured = async (): Promise<client.Configuration> => {
    if (known !== null && now() - known.since < KNOWN_MS) return known.configuration;
    asking ??= discover().finally(() => {
      asking = null;
    });
    return asking;
  };

  const told = (error: unknown, what: string): IssuerFault => {
    const fault = faultOf(error);
    // No code, no token and no address is in it. Who said no themselves is no fault of ours.
    if (fault.kind === "away" || fault.kind === "failed")
      log.warn({ err: errorFacts(error), said: saidBy(error), what }, "the issuer of identities");
    return fault;
  };

  return {
    begin: async ({ flow, redirectUri }) => {
      try {
        const configuration = await configured();
        const { state, nonce, verifier } = secretsOf(flow);
        const to = client.buildAuthorizationUrl(configuration, {
          ...{ redirect_uri: redirectUri, scope: SCOPE, state, nonce },
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
        });
        return { kind: "begun", url: to.href };
      } catch (error) {
        return told(error, "begin");
      }
    },
    finish: async ({ flow, url: came }) => {
      const { state, nonce, verifier } = secretsOf(flow);
      const at = new URL(came);
      if (at.searchParams.get("state") !== state) return { kind: "ended" };
      try {
        const configuration = await configured();
        const tokens = await client.authorizationCodeGrant(configuration, at, {
          ...{
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          },
        });
        const claims = tokens.claims();
        if (claims === undefined || claims.sub.length > SUBJECT_MAX) return { kind: "failed" };
        const hasMore =
          claims["email"] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
        const more = hasMore
          ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : undefined;
        // The token's own win.
        const all = { ...more, ...claims };
        const email = verifiedEmail(all);
        const name = nameOf(all, email ?? "");
        return { kind: "proven", proven: { issuer: claims.iss, subject: claims.sub, email, name } };
      } catch (error) {
        return told(error, "finish");
      }
    },
  };
}

const NO_BY_THEMSELVES = ["access_denied", "login_required", "consent_required", "interaction_required"];
const LATER = ["temporarily_unavailable", "server_error"];

function faultOf(error: unknown): IssuerFault {
  if (error instanceof client.AuthorizationResponseError) {
    if (NO_BY_THEMSELVES.includes(error.error)) return { kind: "denied" };
    return { kind: LATER.includes(error.error) ? "away" : "failed" };
  }
  if (error instanceof client.ResponseBodyError) {
    if (error.status >= 500) return { kind: "away" };
    // The code was used before, or is too old.
    return { kind: error.error === "invalid_grant" ? "ended" : "failed" };
  }
  if (error instanceof client.ClientError) {
    const status = error.cause instanceof Response ? error.cause.status : 0;
    return { kind: error.code === "OAUTH_TIMEOUT" || status >= 500 ? "away" : "failed" };
  }
  // What `fetch` throws where nobody answers.
  return { kind: error instanceof TypeError && error.cause instanceof Error ? "away" : "failed" };
}

/** By the standard's own words, `invalid_client` for a wrong secret; `null`: in none. */
function saidBy(error: unknown): string | null {
  const isSaid =
    error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError;
  return isSaid ? error.error.replaceAll(/[^\w.-]/g, "?").slice(0, 60) : null;
}

import { lookup as resolve } from "node:dns";
import { request as requestHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** An address that nobody may be led to. */
export class Forbidden extends Error {}

/** Without the brackets of a URL. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/**
 * Resolves and checks in one, so that what is connected to is what was checked: a name cannot mean one address now and
 * another one a moment later.
 */
const lookUpPublic: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const [first] = error === null ? found : [];
    if (first === undefined) done(error ?? new Error("the name has no address"), []);
    else if (!found.every(({ address }) => isPublicAddress(address)))
      done(new Forbidden("the name stands for a private address"), []);
    else if (options.all === true) done(null, found);
    else done(null, first.address, first.family);
  });
};

/**
 * Asks for a file and resolves with the head of the answer, following no redirect. Throws {@link Forbidden} for what is not
 * https in the public internet; `trusted`: the host is one that the operator named.
 */
export function requestFile(
  url: URL,
  { headers, trusted, signal }: { headers: Record<string, string>; trusted: boolean; signal: AbortSignal },
): Promise<IncomingMessage> {
  const isHttps = url.protocol === "https:";
  if (!isHttps && !(trusted && url.protocol === "http:")) throw new Forbidden("not https");
  if (url.username !== "" || url.password !== "") throw new Forbidden("a user name in the address");
  if (!trusted && isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url)))
    throw new Forbidden("a private address");
  const options: RequestOptions = {
    headers,
    signal,
    // No connection is kept: there is nothing to be gained, and none outlives its check.
    agent: false,
    ...(trusted ? {} : { lookup: lookUpPublic }),
  };
  return new Promise((answered, failed) => {
    const request = (isHttps ? requestHttps : requestHttp)(url, options, answered);
    request.on("error", failed);
    // Also where there is no error, as when another protocol is begun: whoever waits for ever keeps a place for ever.
    request.once("close", () => failed(new Error("closed without an answer")));
    request.end();
  });
}

import { data, type AppLoadContext } from "@remix-run/node";
import { isUnavailable } from "../../server/unavailable.ts";

/**
 * For data that a page requires: an upstream that is not available becomes a 503, which the page's error boundary
 * explains.
 */
export async function available<Value>(context: AppLoadContext, read: Promise<Value>): Promise<Value> {
  try {
    return await read;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    context.log.warn(
      { upstream: error.what, status: error.status, err: error.cause },
      "upstream is not available",
    );
    throw data(null, { status: 503 });
  }
}

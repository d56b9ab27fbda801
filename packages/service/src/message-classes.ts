import { IncomingMessage, ServerResponse, type RequestListener, type ServerOptions } from "node:http";

type Classes = Required<Pick<ServerOptions, "IncomingMessage" | "ServerResponse">>;

/**
 * The classes of requests and responses of a server whose listener is `app`. Express gives both of every request another
 * prototype, which slows down whatever touches them later. Made by classes whose prototypes are already those of
 * the app, they keep the one they have. Empty for a listener that is no Express app.
 */
export function messageClasses(app: RequestListener): Partial<Classes> {
  if (!isExpress(app)) return {};
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  app.request = inherit(AppRequest.prototype, app.request);
  app.response = inherit(AppResponse.prototype, app.response);
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}

/** What every request and response of an Express app inherits from. */
type Prototypes = { request: object; response: object };

const isExpress = (app: RequestListener): app is RequestListener & Prototypes =>
  "request" in app && "response" in app;

const inherit = (prototype: object, from: object): object => Object.setPrototypeOf(prototype, from) as object;

import { createServer, type AddressInfo } from "node:net";

/** Tries to listen and stops again: the port (a free one for 0), or the error code when it is not available. */
export function tryPort(port: number, host = "127.0.0.1"): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => {
      const { port: taken } = server.address() as AddressInfo;
      server.close(() => resolve(taken));
    });
  });
}

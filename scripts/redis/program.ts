/** A Redis server that can be started: a program or a container. */
export type RedisProgram = {
  /** Shown to the operator: which one was chosen. */
  how: string;
  /** Of the program; unset for a container. */
  path?: string;
  command: (options: { port: number; directory: string; settings: string[] }) => {
    program: string;
    args: string[];
  };
  /** Stops what an earlier start left behind, when it cannot be found by its port. */
  clear?: () => Promise<void>;
};

/** A program on this machine with the arguments of redis-server. */
export function redisBinary(path: string, how = path): RedisProgram {
  return {
    how,
    path,
    command: ({ port, directory, settings }) => ({
      program: path,
      args: ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...settings],
    }),
  };
}

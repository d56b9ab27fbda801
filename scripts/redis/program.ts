/** A Redis server that can be started: a program, or a container that stands for one. */
export type RedisProgram = {
  /** For the reader: what was taken. */
  how: string;
  /** Of the program; none for a container. */
  path?: string;
  command: (options: { port: number; directory: string; settings: string[] }) => {
    program: string;
    args: string[];
  };
  /** Ends what an earlier start left behind, where that cannot be asked by its port. */
  clear?: () => Promise<void>;
};

/** A program on this machine that is called as redis-server is. */
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

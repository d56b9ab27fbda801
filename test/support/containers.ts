import { GenericContainer, Wait } from "testcontainers";

/** A server for all suites, in a container. */
export type Contained = { url: string; remove: () => Promise<void> };

/** True when `npm test` has found a Docker engine with the images; a run without it is embedded. */
export const usesContainers = (): boolean => process.env["FIO_TEST_SERVERS"] === "containers";

export async function containedRedis(): Promise<Contained> {
  const settings = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const bounds = ["--maxmemory", "512mb", "--maxmemory-policy", "noeviction"];
  const container = await new GenericContainer("redis:8-alpine")
    .withCommand(["redis-server", ...settings, ...bounds])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage("Ready to accept connections"))
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    remove: async () => {
      await container.stop({ remove: true, removeVolumes: true });
    },
  };
}

export async function containedPostgres(): Promise<Contained> {
  const container = await new GenericContainer("postgres:18-alpine")
    .withEnvironment({ POSTGRES_USER: "fio", POSTGRES_PASSWORD: "fio", POSTGRES_DB: "fio" })
    .withExposedPorts(5432)
    // It starts twice: the first time only to be initialised.
    .withWaitStrategy(Wait.forLogMessage("database system is ready to accept connections", 2))
    .start();
  return {
    url: `postgres://fio:fio@${container.getHost()}:${container.getMappedPort(5432)}/fio`,
    remove: async () => {
      await container.stop({ remove: true, removeVolumes: true });
    },
  };
}

import { z } from "zod";
import type { Manifest } from "./render.ts";

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.literal("http") }),
  periodSeconds: z.int(),
  timeoutSeconds: z.int(),
  failureThreshold: z.int(),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  args: z.array(z.string()).default([]),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })).default([]),
  resources: z.strictObject({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  securityContext: z.unknown(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  lifecycle: z
    .strictObject({
      preStop: z.strictObject({
        exec: z.strictObject({ command: z.tuple([z.literal("sleep"), z.coerce.number()]) }),
      }),
    })
    .optional(),
  volumeMounts: z.array(
    z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
});
export type Container = z.output<typeof container>;

const volume = z.looseObject({
  name: z.string(),
  secret: z
    .strictObject({
      secretName: z.string(),
      defaultMode: z.int(),
      items: z.array(z.strictObject({ key: z.string(), path: z.string() })).min(1),
    })
    .optional(),
});

const podSpec = z.looseObject({
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.int().optional(),
  securityContext: z.unknown(),
  initContainers: z.array(container).default([]),
  containers: z.array(container).length(1),
  volumes: z.array(volume),
});

/** A pod as its Deployment or Job makes it. */
export type Pod = {
  part: string;
  /** Whether it runs all the time. */
  runs: boolean;
  labels: Record<string, string>;
  spec: z.output<typeof podSpec>;
  containers: Container[];
};

const withTemplate = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: podSpec,
    }),
  }),
});

export const COMPONENT = "app.kubernetes.io/component";

export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests
    .filter(({ kind }) => ["Deployment", "Job"].includes(kind))
    .map((one) => {
      const { metadata, spec } = withTemplate.parse(one).spec.template;
      return {
        part: metadata.labels[COMPONENT] ?? "",
        runs: one.kind === "Deployment",
        labels: metadata.labels,
        spec,
        containers: [...spec.initContainers, ...spec.containers],
      };
    });
}

/** The files of secrets that a container sees, by their paths, each with its Secret and the key in it. */
export function secretFilesOf(
  { spec }: Pod,
  { volumeMounts }: Container,
): Record<string, { secret: string; key: string }> {
  return Object.fromEntries(
    volumeMounts.flatMap(({ name, mountPath }) => {
      const secret = spec.volumes.find((one) => one.name === name)?.secret;
      return (secret?.items ?? []).map(({ key, path }) => [
        `${mountPath}/${path}`,
        { secret: secret?.secretName ?? "", key },
      ]);
    }),
  );
}

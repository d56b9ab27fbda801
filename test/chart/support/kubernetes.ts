import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import { Deployment } from "kubernetes-models/apps/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Job } from "kubernetes-models/batch/v1";
import { Ingress, NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { Service } from "kubernetes-models/v1";

/* Kubernetes' own JSON schemas, as kubernetes-models compiles them with ajv. */

const KINDS = [
  ...[Deployment, Service, Job, HorizontalPodAutoscaler, Ingress, NetworkPolicy, PodDisruptionBudget],
  ServiceMonitor,
];

/** What is wrong with an object by the schema of its kind: a value, a field that is missing, a field that nobody knows. */
export function faultsOf(given: { apiVersion: string; kind: string }): string[] {
  const kind = KINDS.find((one) => one.apiVersion === given.apiVersion && one.kind === given.kind);
  if (kind === undefined) return [`nobody knows ${given.apiVersion} ${given.kind}`];
  const watched = watch(given, "");
  try {
    // The schema of the class, for the object as it is.
    kind.prototype.validate.call(watched.value);
  } catch (error) {
    return [(error as Error).message];
  }
  return watched.unread();
}

/**
 * The schemas let fields pass that they do not name, as an older cluster has to. So the object is watched while it is
 * looked at: what no schema reads, none knows.
 */
function watch(given: object, path: string): { value: object; unread: () => string[] } {
  const read = new Set<string>();
  const inside = new Map<string, ReturnType<typeof watch>>();
  const value = new Proxy(given, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key);
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return found;
      read.add(key);
      if (typeof found !== "object" || found === null) return found;
      const child = inside.get(key) ?? watch(found, `${path}/${key}`);
      inside.set(key, child);
      return child.value;
    },
  });
  return {
    value,
    unread: () => [
      ...Object.keys(given)
        .filter((key) => !read.has(key))
        .map((key) => `nobody knows ${path}/${key}`),
      ...[...inside.values()].flatMap((child) => child.unread()),
    ],
  };
}

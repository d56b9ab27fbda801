import { fnv1a } from "@fio/contracts/handle";

/**
 * The partition of a conversation, out of `partitions`: the same in every process and version. FNV-1a over the id, mixed
 * once more, since ids that carry a time differ in few bits.
 */
export function partitionOf(conversationId: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = fnv1a(conversationId);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) % partitions;
}

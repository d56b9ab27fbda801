import { expect, test } from "vitest";
import { readNodes as readNodesFor, slotOf } from "./redis-cluster.ts";

const readNodes = (text: string, from: typeof asked) => readNodesFor(text, from, slotOf("{fio}"));
const asked = { host: "127.0.0.1", port: 7000 };
const line = (place: string, flags: string, ...slots: string[]) =>
  ["07c37dfeb235213a872192d90877d0cd55635b91", place, flags, "-", "0", "0", "3", "connected", ...slots].join(
    " ",
  );

test("a hash tag has the slot that Redis gives it", () => {
  expect([slotOf("{fio}"), slotOf("{123456789}")]).toEqual([1_328, 12_739]);
});

test.each([
  ["in a range", ["0-5460"]],
  ["by itself", ["5-7", "1328"]],
  ["while another slot is on its way", ["1000-2000", "[93-<-292f8b365bb7edb5e285caf0b7e6ddc7265d2f4f]"]],
])("the primary is the one that has our slot %s", (_how, slots) => {
  const text = [
    line(":7000@17000", "myself,master", "5461-16383"),
    line("10.0.0.2:7001@17001", "master", ...slots),
    line("10.0.0.3:7002@17002", "slave"),
  ].join("\n");
  expect(readNodes(text, asked)).toEqual({
    primary: { host: "10.0.0.2", port: 7001 },
    nodes: [asked, { host: "10.0.0.2", port: 7001 }, { host: "10.0.0.3", port: 7002 }],
  });
});

test("nobody is, while the one that had it has failed, or it is only on its way", () => {
  expect(readNodes(line("10.0.0.2:7001@17001", "master,fail", "0-5460"), asked).primary).toBeNull();
  expect(readNodes(line("10.0.0.2:7001@17001", "slave", "0-5460"), asked).primary).toBeNull();
  expect(readNodes(line("10.0.0.2:7001@17001", "master", "[1328->-abc]"), asked).primary).toBeNull();
});

test("a name counts before an address, and an IPv6 address is one", () => {
  const [named, six] = [
    line("10.0.0.2:7001@17001,redis-2", "master", "0-5460"),
    line("::1:7003@17003", "slave"),
  ];
  expect(readNodes(`${named}\n${six}\n`, asked).nodes).toEqual([
    { host: "redis-2", port: 7001 },
    { host: "::1", port: 7003 },
  ]);
});

import { BlockList, isIP } from "node:net";

/* What is not somewhere in the public internet: by IANA's registries of special addresses. */
const SPECIAL_4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;

/* Inside the one range of public addresses: those that stand for IPv4 addresses, and those that are for no network. */
const SPECIAL_6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const special = new BlockList();
for (const [network, bits] of SPECIAL_4) special.addSubnet(network, bits, "ipv4");
for (const [network, bits] of SPECIAL_6) special.addSubnet(network, bits, "ipv6");
const public6 = new BlockList();
public6.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address is one of the public internet: none of this machine, of a network of one's own or of a cloud's inside. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, "ipv4");
    case 6:
      return public6.check(address, "ipv6") && !special.check(address, "ipv6");
    default:
      return false;
  }
}

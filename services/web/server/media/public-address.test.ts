import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

test.each([
  "93.184.215.14",
  "8.8.8.8",
  "172.15.255.255",
  "172.32.0.1",
  "2606:4700::1111",
  "2a00:1450:4001::1",
])("%s is in the public internet", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...["0.0.0.0", "10.0.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254"],
  ...["172.16.0.1", "172.31.255.255", "192.168.1.1", "198.19.0.1", "224.0.0.1", "255.255.255.255"],
  ...[
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "::ffff:7f00:1",
    "64:ff9b::808:808",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
  ],
  ...["2001:db8::1", "2001::1", "2002:a00:1::", "fec0::1", "localhost", "", "1.2.3"],
])("%s is not", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

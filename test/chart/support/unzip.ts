import { inflateRawSync } from "node:zlib";

const END = 0x06_05_4b_50;
const ENTRY = 0x02_01_4b_50;

/** One file of a zip archive: by the list at its end, as the format wants it read. Throws when it is not there. */
export function unzip(archive: Buffer, name: string): Buffer {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error("not a zip archive");
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== ENTRY) break;
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString("utf8", at + 46, at + 46 + nameLength) === name) return contentAt(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`the archive has no ${name}`);
}

function contentAt(archive: Buffer, entry: number): Buffer {
  const packed = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  // Its own header may have other extras than the list.
  const from = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const content = archive.subarray(from, from + packed);
  return archive.readUInt16LE(entry + 10) === 0 ? content : inflateRawSync(content);
}

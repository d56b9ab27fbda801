import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateSync, crc32 } from "node:zlib";

/** Where a sender keeps files, until it does not. */
export type MediaServer = { host: string; url: string; isGone: boolean; end: () => Promise<void> };

/** Answers `/photo.png`, `/voice.wav` and `/contract.pdf`; anything else, and everything once `isGone`, is a 404. */
export async function startMediaServer(): Promise<MediaServer> {
  const files = new Map<string, { type: string; bytes: Buffer }>([
    ["/photo.png", { type: "image/png", bytes: png(320, 240) }],
    ["/voice.wav", { type: "audio/wav", bytes: wav(1) }],
    ["/contract.pdf", { type: "application/pdf", bytes: Buffer.from("%PDF-1.4\n%%EOF\n") }],
    ["/page.html", { type: "text/html", bytes: Buffer.from("<script>opener</script>") }],
  ]);
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    if (file === undefined || media.isGone) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "Content-Type": file.type, "Content-Length": file.bytes.length })
        .end(file.bytes);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const media: MediaServer = {
    host,
    url: `http://${host}`,
    isGone: false,
    end: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return media;
}

/** A picture of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([200, 120, 60]))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Silence. */
function wav(seconds: number): Buffer {
  const rate = 8_000;
  const data = Buffer.alloc(rate * seconds, 128);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A time zone of a server's own, so that a desk's midnight comes when a test
 * wants it and the server's clock needs no other. Go reads zones from the
 * directory that ZONEINFO names before it reads its own.
 */
export class Zones {
  readonly directory = mkdtempSync(join(tmpdir(), 'floorlight-zones-'));

  /** Lets it be midnight in so many seconds, in the real zone that is nearest to that. */
  midnightIn(seconds: number): string {
    const midnight = Date.now() + seconds * 1000;
    const past = Math.floor(midnight / 1000) % 86_400;
    const east = past <= 43_200 ? -past : 86_400 - past;
    const hours = Math.round(east / 3600);
    // POSIX counts to the west.
    const name = hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
    const file = join(this.directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fixed(east));
    return name;
  }
}

/** A file of RFC 9636, version 1: one offset for ever. */
function fixed(seconds: number): Buffer {
  const name = Buffer.from('TST\0');
  const head = Buffer.alloc(44);
  head.write('TZif', 0);
  head.writeUInt32BE(1, 36);
  head.writeUInt32BE(name.length, 40);
  const type = Buffer.alloc(6);
  type.writeInt32BE(seconds, 0);
  return Buffer.concat([head, type, name]);
}

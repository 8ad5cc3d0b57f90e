/**
 * SHA-256 of a text's UTF-8 bytes, in lower-case hex.
 *
 * Browsers offer crypto.subtle only over https and on the machine itself. A
 * wallboard is often opened over plain http inside the office, and must be able
 * to prove its numbers there too, hence the second way.
 */
export async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const subtle = globalThis.crypto?.subtle;
  return hex(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : digest(bytes));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The fractional parts of the n-th roots of the first primes, as FIPS 180-4 defines its constants. */
function constants(count: number, root: (prime: number) => number): Uint32Array {
  const out = new Uint32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    if (prime) {
      const r = root(n);
      out[found++] = (r - Math.floor(r)) * 2 ** 32;
    }
  }
  return out;
}

const K = constants(64, Math.cbrt);
const H = constants(8, Math.sqrt);

/** SHA-256 (FIPS 180-4) without the browser's help. */
export function digest(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 64;
  const padded = new Uint8Array(bytes.length + (rest < 56 ? 64 : 128) - rest);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);

  const hash = H.slice();
  const w = new Uint32Array(64);
  const at = (i: number): number => w[i] as number;
  const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i++) {
      const a = at(i - 15);
      const b = at(i - 2);
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      w[i] = at(i - 16) + s0 + at(i - 7) + s1;
    }
    let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + at(i)) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (hash[i] = (hash[i] as number) + value));
  }
  const out = new Uint8Array(32);
  const words = new DataView(out.buffer);
  hash.forEach((value, i) => words.setUint32(i * 4, value));
  return out;
}

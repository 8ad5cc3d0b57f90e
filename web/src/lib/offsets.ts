import type { Violation } from '../live/frames';

/** A stretch of a text, and the violation that it belongs to, if any. */
export interface Piece {
  text: string;
  violation: Violation | undefined;
}

/**
 * Cuts a text where violations begin and end. Their places are counted in UTF-8
 * bytes by the server and in UTF-16 units by the browser; a place inside a
 * character takes the whole character in. Where two overlap the earlier one
 * keeps what it has.
 */
export function mark(text: string, violations: Violation[]): Piece[] {
  const unit = unitsByByte(text);
  const pieces: Piece[] = [];
  let done = 0;
  const sorted = [...violations].sort((a, b) => a.start - b.start || b.end - a.end);
  for (const violation of sorted) {
    const start = Math.max(done, unit(violation.start, false));
    const end = unit(violation.end, true);
    if (end <= start) continue;
    if (start > done) pieces.push({ text: text.slice(done, start), violation: undefined });
    pieces.push({ text: text.slice(start, end), violation });
    done = end;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), violation: undefined });
  return pieces;
}

/** Returns the way from a byte offset to a UTF-16 offset; `up` says where a place inside a character goes. */
function unitsByByte(text: string): (byte: number, up: boolean) => number {
  const bytes: number[] = [0];
  const units: number[] = [0];
  let at = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    bytes.push(at);
    units.push((units.at(-1) as number) + char.length);
  }
  return (byte, up) => {
    if (byte <= 0) return 0;
    if (byte >= at) return text.length;
    let low = 0;
    let high = bytes.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bytes[middle] as number) < byte) low = middle + 1;
      else high = middle;
    }
    const exact = bytes[low] === byte;
    return units[exact || up ? low : low - 1] as number;
  };
}

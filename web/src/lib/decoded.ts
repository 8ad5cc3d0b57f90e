/** A part of an address as it was meant; as it stands if nobody encoded it so. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

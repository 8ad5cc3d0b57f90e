import { isObject, type Json } from './json';

/**
 * The RFC 8785 canonical form of a JSON value: members sorted by UTF-16 code
 * units, no white space, numbers and strings as ECMAScript writes them.
 */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

import { isObject, type Json, type JsonObject } from './json';

/**
 * Applies a JSON Merge Patch (RFC 7396) and returns the new value.
 *
 * Nothing is changed in place: what the patch leaves alone is the very same
 * object as before, so that a screen redraws only what moved, and a state that
 * is still being hashed stays as it was.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const base: JsonObject = isObject(target) ? target : {};
  let out = base;
  const writable = (): JsonObject => (out === base && base === target ? (out = { ...base }) : out);
  for (const key of Object.keys(patch)) {
    const change = patch[key] as Json;
    const had = Object.hasOwn(base, key);
    if (change === null) {
      if (had) delete writable()[key];
      continue;
    }
    const before = had ? base[key] : undefined;
    const after = mergePatch(before, change);
    if (after !== before || !had) put(writable(), key, after);
  }
  return out;
}

/** Sets an own member even if an id of the outside is called `__proto__`. */
function put(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

/** What breaks a line; a name, or the beginning of a message in a list, stands on one. */
const breaking = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** What turns the order of the text around it, and what nobody sees: no name needs one of these. */
const turning = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
/** What is written from the right, and the marks that stand for it. */
const fromTheRight = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const [isolate, end] = ['\u2068', '\u2069'];

/**
 * A name as it may stand in any text: what it holds neither changes how it reads,
 * as an override would make "admin" of "nimda", nor the order of what stands
 * beside it. One that is written from the right is kept apart by the characters
 * that Unicode has for that, which hold in a title, a notification and a drawing
 * as well, where no element can.
 */
export function apart(name: string): string {
  const plain = name.replace(breaking, ' ').replace(turning, '');
  return fromTheRight.test(plain) ? isolate + plain + end : plain;
}

/** The name alone, to be taken along in a file, searched for or copied into a field. */
export const bare = (name: string): string => name.replace(/[\u2066-\u2069]/g, '');

import type { Plugin } from 'postcss';

/** The size of the root's text for which every length is written. */
const root = 16;

/** From this many pixels on a length is a size of something; below it is the thickness of a line. */
const least = 3;

const length = /(?<![\w.#-])(-?)(\d*\.?\d+)px\b/g;

/** The same length as a part of the root's text. */
export function grown(value: string): string {
  return value.replace(length, (whole, sign: string, digits: string) => {
    const pixels = Number(digits);
    return pixels < least ? whole : `${sign}${Number((pixels / root).toFixed(5))}rem`;
  });
}

/**
 * Makes every length grow with the root's text: a screen of 3840 × 2160 shows the
 * page as one of 2048 × 1152 does, and so does a browser whose text was made
 * larger. Lines stay as thin as they are; conditions on the screen stay in pixels.
 */
export function growWithText(): Plugin {
  return {
    postcssPlugin: 'floorlight-rem',
    Declaration(declaration) {
      const value = grown(declaration.value);
      if (value !== declaration.value) declaration.value = value;
    },
    AtRule: {
      container(rule) {
        const params = grown(rule.params);
        if (params !== rule.params) rule.params = params;
      },
    },
  };
}

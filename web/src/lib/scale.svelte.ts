/**
 * How many pixels one pixel of the design has: 1 on a desk, more on a large screen
 * and where a browser's text was made larger. For what is not measured by a style.
 */
class Scale {
  now = $state(read());

  constructor() {
    addEventListener('resize', () => (this.now = read()));
  }
}

function read(): number {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Number.isFinite(size) && size > 0 ? size / 16 : 1;
}

export const scale = new Scale();

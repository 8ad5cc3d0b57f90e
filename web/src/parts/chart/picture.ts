import type { Paint, Shape } from './option';

interface Key {
  name: string;
  colour: string;
  shape: Shape;
}

interface Framed {
  /** What was drawn, at twice its size. */
  drawn: HTMLCanvasElement;
  title: string;
  /** The days that it is about, written out. */
  days: string;
  key: readonly Key[];
  paint: Pick<Paint, 'text' | 'muted' | 'panel' | 'font'>;
}

const space = 48;
const titleSize = 32;
const smallSize = 26;

/** A mark as the key shows it, in a square of 20 around a middle. */
function mark(on: CanvasRenderingContext2D, shape: Shape, x: number, y: number): void {
  on.beginPath();
  switch (shape) {
    case 'circle':
    case 'pin':
      on.arc(x, y, 8, 0, 2 * Math.PI);
      break;
    case 'triangle':
      on.moveTo(x, y - 10);
      on.lineTo(x + 10, y + 8);
      on.lineTo(x - 10, y + 8);
      break;
    case 'diamond':
      on.moveTo(x, y - 11);
      on.lineTo(x + 11, y);
      on.lineTo(x, y + 11);
      on.lineTo(x - 11, y);
      break;
    default:
      on.rect(x - 8, y - 8, 16, 16);
  }
  on.closePath();
  on.fill();
}

/** A picture that still says what it is where nothing stands around it: its name, its days, its key. */
export function framed({ drawn, title, days, key, paint }: Framed): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width + 2 * space;
  const on = canvas.getContext('2d');
  if (!on) return Promise.reject(new Error('no canvas'));

  /** Where each name of the key stands: in as many lines as it takes. */
  on.font = `${smallSize}px ${paint.font}`;
  let line = 0;
  let x = space;
  const places = key.map((one) => {
    const wide = 56 + on.measureText(one.name).width + 36;
    if (x + wide > canvas.width - space && x > space) {
      line++;
      x = space;
    }
    const place = { x, line };
    x += wide;
    return place;
  });
  const head = space + titleSize * 1.3 + smallSize * 1.5;
  const keys = key.length ? (line + 1) * smallSize * 1.6 + 12 : 12;
  canvas.height = Math.ceil(head + keys + drawn.height + space);

  on.fillStyle = paint.panel;
  on.fillRect(0, 0, canvas.width, canvas.height);
  on.textBaseline = 'middle';
  on.fillStyle = paint.text;
  on.font = `600 ${titleSize}px ${paint.font}`;
  on.fillText(title, space, space + titleSize * 0.6);
  on.fillStyle = paint.muted;
  on.font = `${smallSize}px ${paint.font}`;
  on.fillText(days, space, space + titleSize * 1.3 + smallSize * 0.6);
  for (const [index, one] of key.entries()) {
    const place = places[index];
    if (!place) continue;
    const y = head + (place.line + 0.6) * smallSize * 1.6;
    on.fillStyle = one.colour;
    if (one.shape !== 'bar') on.fillRect(place.x, y - 2, 40, 4);
    mark(on, one.shape, place.x + 20, y);
    on.fillStyle = paint.muted;
    on.fillText(one.name, place.x + 54, y);
  }
  on.drawImage(drawn, space, head + keys);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/png'));
}

const cell = 44;
const gap = 4;

/** A count by weekday and hour, as the page shows it, at twice its size. */
export function drawHeat(cells: readonly (readonly number[])[], days: readonly string[], most: number, paint: Paint): HTMLCanvasElement | undefined {
  const canvas = document.createElement('canvas');
  const [left, top] = [110, 44];
  canvas.width = left + 24 * (cell + gap);
  canvas.height = top + cells.length * (cell + gap);
  const on = canvas.getContext('2d');
  if (!on) return undefined;
  on.font = `24px ${paint.font}`;
  on.textBaseline = 'middle';
  for (const [day, line] of cells.entries()) {
    const y = top + day * (cell + gap);
    on.globalAlpha = 1;
    on.fillStyle = paint.muted;
    on.fillText(days[day] ?? '', 0, y + cell / 2);
    for (const [hour, value] of line.entries()) {
      const x = left + hour * (cell + gap);
      if (day === 0 && hour % 6 === 0) {
        on.globalAlpha = 1;
        on.fillStyle = paint.muted;
        on.fillText(`${hour}:00`, x, top / 2 - 6);
      }
      on.globalAlpha = value === 0 ? 1 : 0.12 + (value / most) * 0.88;
      on.fillStyle = value === 0 ? paint.line : (paint.colours[0] ?? paint.text);
      on.fillRect(x, y, cell, cell);
    }
  }
  return canvas;
}

import type { EChartsCoreOption } from './echarts';

/** A line, or the bars of one colour. */
export interface Series {
  id: string;
  name: string;
  /** A value for each label; undefined leaves a gap. */
  values: readonly (number | undefined)[];
  /** The whole that the others are parts of: drawn in the colour of text. */
  total?: boolean;
}

export type Kind = 'line' | 'bar' | 'stack';

export interface Drawing {
  kind: Kind;
  labels: readonly string[];
  series: readonly Series[];
  /** How a value is written on the axis and beside it. */
  text: (value: number) => string;
  /** The same in fewer characters, for the axis. */
  tick?: ((value: number) => string) | undefined;
  /** Whether there are no parts of one: chats. */
  whole?: boolean;
  /** The end of the scale, where it has one: a share never passes 1. */
  most?: number | undefined;
  /** What lies between two lines of the scale, where it is not a quarter of all. */
  step?: number | undefined;
  /** A value to be set against, with its name. */
  mark?: { value: number; name: string } | undefined;
  /** Bars that lie: for names that need room. */
  lying?: boolean;
}

/** The colours that a theme gives. */
export interface Paint {
  colours: string[];
  text: string;
  muted: string;
  line: string;
  panel: string;
  edge: string;
  font: string;
}

/** Lines differ by their marks too, for whoever does not see their colours. */
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'] as const;
export type Shape = (typeof symbols)[number] | 'bar';

/** The mark of a series: a line's own, or the block of a bar. */
export function shapeOf(kind: Kind, place: number): Shape {
  return kind === 'line' ? (symbols[place % symbols.length] ?? 'circle') : 'bar';
}

/** A colour as a drawing knows it: what the machine prescribes has a name that only style sheets know. */
function resolved(colour: string): string {
  if (!/^[A-Z]/.test(colour)) return colour;
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = colour;
  const known = getComputedStyle(probe).color;
  probe.remove();
  return known;
}

/** The colours of the theme that is shown. */
export function paintNow(): Paint {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => resolved(style.getPropertyValue(name).trim());
  return {
    colours: ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6'].map(of),
    text: of('--text'), muted: of('--muted'), line: of('--line'), panel: of('--panel'), edge: of('--edge'), font: style.getPropertyValue('--font').trim(),
  };
}

/** The palette's place of a series: wholes have none. */
export function colourOf(series: readonly Series[], place: number, paint: Paint): string {
  if (series[place]?.total) return paint.text;
  const before = series.slice(0, place).filter((one) => !one.total).length;
  return paint.colours[before % paint.colours.length] ?? paint.text;
}

/** The content of the box beside a point, as elements: nothing in it is ever read as HTML. */
export function tip(drawing: Drawing, paint: Paint, place: number, label: string): HTMLElement {
  const box = document.createElement('div');
  const title = box.appendChild(document.createElement('strong'));
  title.textContent = label;
  for (const [index, series] of drawing.series.entries()) {
    const row = box.appendChild(document.createElement('p'));
    const sign = row.appendChild(document.createElement('i'));
    sign.style.background = colourOf(drawing.series, index, paint);
    row.appendChild(document.createElement('span')).textContent = series.name;
    const value = series.values[place];
    row.appendChild(document.createElement('b')).textContent = value === undefined ? '–' : drawing.text(value);
  }
  return box;
}

/** How many pixels the numbers beside lying bars need: a character of Chinese is as wide as two others. */
function besideBars(drawing: Drawing, scale: number): number {
  const texts = drawing.series.flatMap((one) => one.values).map((value) => (value === undefined ? '–' : drawing.text(value)));
  const widest = Math.max(4, ...texts.map((text) => [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0)));
  return Math.round((widest * 7.4 + 14) * scale);
}

/** A drawing as ECharts wants it: so wide, with as many pixels to one of the design as `scale` says. */
export function option(drawing: Drawing, paint: Paint, fullLabels: readonly string[], width: number, scale = 1): EChartsCoreOption {
  const px = (pixels: number): number => pixels * scale;
  const { kind, labels, series } = drawing;
  const bars = kind !== 'line';
  const category = {
    type: 'category',
    data: [...labels],
    boundaryGap: bars,
    inverse: drawing.lying === true,
    axisLine: { lineStyle: { color: paint.line } },
    axisTick: { show: false },
    axisLabel: { color: paint.muted, fontSize: px(12), margin: px(8), hideOverlap: true, ...(drawing.lying ? { width: Math.max(px(120), Math.min(px(260), Math.round(width * 0.45))), overflow: 'truncate' } : {}) },
  };
  const value = {
    type: 'value',
    min: 0,
    ...(drawing.most === undefined ? {} : { max: drawing.most, interval: drawing.step ?? drawing.most / 4 }),
    splitNumber: 4,
    ...(drawing.whole === true ? { minInterval: 1 } : {}),
    axisLabel: { color: paint.muted, fontSize: px(12), margin: px(8), formatter: (number: number) => (drawing.tick ?? drawing.text)(number), hideOverlap: true },
    splitLine: { lineStyle: { color: paint.line } },
  };
  return {
    animation: false,
    textStyle: { fontFamily: paint.font },
    grid: { left: px(4), right: drawing.lying ? besideBars(drawing, scale) : px(14), top: px(14), bottom: px(2), outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    [drawing.lying ? 'yAxis' : 'xAxis']: category,
    [drawing.lying ? 'xAxis' : 'yAxis']: drawing.lying ? { ...value, axisLabel: { show: false }, splitLine: { show: false } } : value,
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      className: 'chart-tip',
      backgroundColor: paint.panel,
      borderColor: paint.edge,
      borderWidth: 1,
      padding: [px(8), px(12)],
      axisPointer: bars ? { type: 'shadow', shadowStyle: { color: paint.muted, opacity: 0.12 } } : { type: 'line', lineStyle: { color: paint.edge, type: [3, 4] } },
      formatter: (found: { dataIndex: number }[]) => {
        const place = found[0]?.dataIndex ?? 0;
        return tip(drawing, paint, place, fullLabels[place] ?? labels[place] ?? '');
      },
    },
    series: series.map((one, place) => {
      const colour = colourOf(series, place, paint);
      const data = one.values.map((number) => number ?? null);
      const mark =
        place === 0 && drawing.mark
          ? {
              markLine: {
                silent: true,
                symbol: 'none',
                // Beside lying bars stand their numbers: the line passes behind them, and its name is on the card.
                ...(drawing.lying ? { z: 1 } : {}),
                lineStyle: { color: paint.muted, type: [4, 4], width: 1.5 },
                label: { show: !drawing.lying, formatter: drawing.mark.name, position: 'insideStartTop', color: paint.muted, fontSize: px(12) },
                data: [drawing.lying ? { xAxis: drawing.mark.value } : { yAxis: drawing.mark.value }],
              },
            }
          : {};
      if (kind === 'line') {
        return {
          type: 'line', id: String(place), name: one.name, data, ...mark,
          symbol: shapeOf(kind, place), symbolSize: px(7), showSymbol: labels.length <= 40,
          lineStyle: { width: px(one.total ? 2.6 : 2) }, itemStyle: { color: colour }, color: colour,
          connectNulls: false, triggerLineEvent: true, emphasis: { disabled: true },
        };
      }
      return {
        type: 'bar', id: String(place), name: one.name, data, ...mark,
        ...(kind === 'stack' ? { stack: 'all' } : {}),
        barMaxWidth: px(drawing.lying ? 18 : 36), barCategoryGap: '32%',
        itemStyle: { color: colour, borderRadius: kind === 'stack' ? 0 : drawing.lying ? [0, 3, 3, 0] : [3, 3, 0, 0], borderColor: paint.panel, borderWidth: kind === 'stack' ? 1 : 0 },
        emphasis: { disabled: true },
        ...(drawing.lying && series.length === 1
          ? { label: { show: true, position: 'right', color: paint.text, backgroundColor: paint.panel, padding: [1, 2], fontSize: px(13), formatter: (point: { value: number | null }) => (point.value === null ? '–' : drawing.text(point.value)) } }
          : {}),
      };
    }),
  };
}

import { describe, expect, it, vi } from 'vitest';

class HttpError extends Error {
  constructor(readonly status: number, readonly code = '', detail = '', readonly field = '', readonly after = 0) {
    super(detail);
  }
}
vi.mock('./session.svelte', () => ({ HttpError }));
vi.mock('./prefs.svelte', () => ({ t: (key: string) => key }));
const { againAfter, problemOf } = await import('./problem');

describe('what was refused', () => {
  it('for the question itself is not asked again, and another range may do', () => {
    for (const status of [400, 422]) {
      expect(problemOf(new HttpError(status, 'validation', 'from is no date', 'from'))).toMatchObject({ final: true, asked: true });
      expect(againAfter(new HttpError(status), 0)).toBeUndefined();
    }
    expect(againAfter(new HttpError(404, 'unknown_metric'), 0)).toBeUndefined();
  });

  it('for being too much is asked again when the server says, and no sooner', () => {
    expect(againAfter(new HttpError(429, 'too_many_requests', '', '', 60), 0)).toBe(60_000);
    expect(againAfter(new HttpError(429, 'too_many_requests', '', '', 1), 1)).toBe(10_000);
    expect(problemOf(new HttpError(429))).toMatchObject({ final: false });
  });

  it('because something is down is asked again by itself, more and more rarely', () => {
    expect([0, 1, 2, 3, 9].map((before) => againAfter(new HttpError(503), before))).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
  });
});

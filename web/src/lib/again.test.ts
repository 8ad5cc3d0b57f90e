import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('./problem', () => ({ againAfter: (reason: unknown, before: number) => (reason === 'final' ? undefined : 1_000 * 2 ** before) }));
const { Again } = await import('./again');

describe('what has failed', () => {
  const ask = vi.fn();
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    ask.mockClear();
  });

  it('is asked for again, each time later, and soon again once it was there', () => {
    const again = new Again(ask);
    again.failed('down');
    vi.advanceTimersByTime(1_000);
    expect(ask).toHaveBeenCalledTimes(1);
    again.failed('down');
    vi.advanceTimersByTime(1_999);
    expect(ask).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(ask).toHaveBeenCalledTimes(2);
    again.settled();
    again.failed('down');
    vi.advanceTimersByTime(1_000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('is left alone where that is of no use, or nobody wants it', () => {
    const again = new Again(ask);
    again.failed('final');
    vi.advanceTimersByTime(60_000);
    again.failed('down');
    again.stop();
    vi.advanceTimersByTime(60_000);
    expect(ask).not.toHaveBeenCalled();
  });
});

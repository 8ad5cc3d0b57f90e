import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('location', { href: 'http://desk/rules/new', pathname: '/rules/new' });
let closing: (event: { preventDefault: () => void }) => void = () => undefined;
vi.stubGlobal('addEventListener', (_: string, listener: typeof closing) => (closing = listener));
const { unsaved } = await import('./unsaved.svelte');

const held = { dirty: () => true, stays: (to: URL) => to.pathname === '/rules/new' };

describe('what is not saved', () => {
  it('is asked about where it would be lost, and nowhere else', () => {
    const go = vi.fn();
    const drop = unsaved.hold(held);
    unsaved.ask('/rules/new?sort=x', go);
    expect(go).toHaveBeenCalledTimes(1);
    unsaved.ask('/floor', go);
    expect(go).toHaveBeenCalledTimes(1);
    unsaved.answer(false);
    expect([go.mock.calls.length, unsaved.asked]).toEqual([1, undefined]);
    unsaved.ask('/floor', go);
    unsaved.answer(true);
    expect(go).toHaveBeenCalledTimes(2);
    drop();
    unsaved.ask('/floor', go);
    expect(go).toHaveBeenCalledTimes(3);
  });

  it('is asked about once, though leaving takes several steps', () => {
    const last = vi.fn();
    const drop = unsaved.hold(held);
    unsaved.ask('/', () => unsaved.ask('/', last));
    unsaved.answer(true);
    expect(last).toHaveBeenCalledTimes(1);
    expect(unsaved.wouldLose('/'), 'what is still there is still held').toBe(true);
    drop();
  });

  it('keeps the tab from closing, and only then', () => {
    const prevent = vi.fn();
    closing({ preventDefault: prevent });
    expect(prevent).not.toHaveBeenCalled();
    const drop = unsaved.hold(held);
    closing({ preventDefault: prevent });
    expect(prevent).toHaveBeenCalledTimes(1);
    drop();
  });
});

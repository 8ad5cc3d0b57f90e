import { describe, expect, it } from 'vitest';
import { owedFor } from './owed';

describe('a reply that is owed', () => {
  it('is calm within the service level', () => {
    expect(owedFor(0, 60, 24)).toEqual({ level: 'none' });
    expect(owedFor(60, 60, 24)).toEqual({ level: 'none' });
    expect(owedFor(61, 60, 24)).toEqual({ level: 'warn' });
  });

  it('counts down when the response window is nearly over, and says when it is', () => {
    expect(owedFor(0.8 * 12 * 3600 - 1, 60, 12)).toEqual({ level: 'warn' });
    expect(owedFor(11 * 3600, 60, 12)).toEqual({ level: 'crit', left: 3600 });
    expect(owedFor(13 * 3600, 60, 12)).toEqual({ level: 'crit', left: -3600 });
  });

  it('has no window to run out of where the profile has none', () => {
    expect(owedFor(90 * 86_400, 60, 0)).toEqual({ level: 'warn' });
  });
});

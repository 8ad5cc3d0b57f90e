import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';

describe('the kinds of rules', () => {
  it('each have a name, as the built-in rules call them', () => {
    for (const kind of ['off_platform_contact', 'off_platform_payment', 'external_link', 'personal_data', 'abuse', 'promises']) {
      expect(Object.keys(en)).toContain(`category.${kind}`);
    }
  });
});

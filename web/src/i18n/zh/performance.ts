import type { performance as en } from '../en/performance';

export const performance: Record<keyof typeof en, string> = {};

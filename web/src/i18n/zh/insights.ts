import type { insights as en } from '../en/insights';

export const insights: Record<keyof typeof en, string> = {};

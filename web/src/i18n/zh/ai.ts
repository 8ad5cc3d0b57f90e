import type { ai as en } from '../en/ai';

export const ai: Record<keyof typeof en, string> = {};

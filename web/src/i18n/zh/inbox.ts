import type { inbox as en } from '../en/inbox';

export const inbox: Record<keyof typeof en, string> = {};

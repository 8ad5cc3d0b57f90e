import type { conversion as en } from '../en/conversion';

export const conversion: Record<keyof typeof en, string> = {};

import type { service as en } from '../en/service';

export const service: Record<keyof typeof en, string> = {
  'service.responseRate': '{hours} 小时回复率',
};

import type { customers as en } from '../en/customers';

export const customers: Record<keyof typeof en, string> = {
  'customers.sessions': '会话',
  'customers.service': '接待',
  'customers.people': '客户',
  'customers.upgrades': '升级服务',
  'customers.trend': '每日会话趋势',
  'customers.peopleTrend': '每日客户趋势',
  'customers.byDay': '每日明细',
};

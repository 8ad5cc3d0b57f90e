import type { customers as en } from '../en/customers';

export const customers: Record<keyof typeof en, string> = {
  'customers.sessions': '会话',
  'customers.service': '接待',
  'customers.people': '客户',
  'customers.upgrades': '企业好友与升级服务',
  'customers.noUpgrades': '这些日期内没有发出专员或客户群邀请，接入的客户中也没有企业好友。平台发送 service.invited、service.joined 或带 friend 的 customer.updated 事件后，这里会显示数据。',
  'customers.trend': '每日会话趋势',
  'customers.peopleTrend': '每日客户趋势',
  'customers.byDay': '每日明细',
};

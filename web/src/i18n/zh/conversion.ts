import type { conversion as en } from '../en/conversion';

export const conversion: Record<keyof typeof en, string> = {
  'conversion.rateByDay': '每日咨询转化率',
  'conversion.revenueByDay': '每日咨询后成交金额',
  'conversion.byIntent': '按咨询意图',
  'conversion.byTeam': '按接待组',
  'conversion.byChannel': '按客服账号',
  'conversion.window': '咨询后 {days} 天内支付的订单计入。',
};

import type { chats as en } from '../en/chats';

export const chats: Record<keyof typeof en, string> = {
  'chats.total': '咨询会话总数',
  'chats.trend': '每日各类会话数',
  'chats.byIntent': '按咨询意图',
  'chats.byTeam': '按接待组',
  'chats.byChannel': '按客服账号',
  'chats.byHour': '按星期与时段',
  'chats.press': '点击数字查看会话',
};

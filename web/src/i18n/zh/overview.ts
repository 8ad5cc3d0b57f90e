import type { overview as en } from '../en/overview';

export const overview: Record<keyof typeof en, string> = {
  'overview.welcome': '客服台的一举一动，实时可见。',
  'overview.welcomeText': '上方的数字由服务器实时推送，无需刷新。下方是所选日期的报表，并与之前相同天数对比。点击任意数字即可查看其背后的会话。',
  'overview.now': '实时概览',
  'overview.pushed': '数据实时推送',
  'overview.sessionsToday': '今日接入会话数',
  'overview.volume': '会话量',
  'overview.service': '服务表现',
  'overview.conversion': '转化',
  'overview.violations': '违规',
  'overview.trend': '每日会话数',
  'overview.share': '占全部会话 {share}',
};

import type { performance as en } from '../en/performance';

export const performance: Record<keyof typeof en, string> = {
  'performance.title': '员工列表',
  'performance.agent': '接待员工',
  'performance.status': '接待状态',
  'performance.department': '部门',
  'performance.records': '接待记录',
  'performance.open': '查看会话',
  'performance.average': '团队平均（{n} 人）',
  'performance.together': '整体',
  'performance.find': '查找员工',
  'performance.none': '还没有员工。员工的第一个事件到达后会显示在这里。',
  'performance.noMatchTitle': '没有这个名字的员工',
  'performance.noMatch': '清除查找内容可查看全部。',
  'performance.disabled': '已停用',
  'mine.back': '我的数据',
  'mine.work': '接待',
  'mine.answers': '回复',
  'mine.ratings': '评价',
  'mine.chatsByDay': '每日处理会话数',
  'mine.responseByDay': '每日平均首响时长',
};

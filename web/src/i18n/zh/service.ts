import type { service as en } from '../en/service';

export const service: Record<keyof typeof en, string> = {
  'service.satisfaction': '满意评价占比',
  'service.responseRate': '{hours} 小时回复率',
  'service.welcome': '回复率是怎么算的',
  'service.welcomeText': '客户首次等待人工的会话中，员工在 {hours} 小时内回复的占比。夜间与周末同样计入，智能助手的回复不算。如配置中有行业基准，则以灰色显示。',
  'service.service': '服务',
  'service.ratings': '满意度评价',
  'service.waiting': '等待',
  'service.byTeam': '按接待组',
  'service.byChannel': '按客服账号',
  'service.byIntent': '按咨询意图',
  'service.byIntentNote': '点击条形查看会话',
  'service.trends': '每日趋势',
  'service.reasons': '差评原因',
};

import type { ai as en } from '../en/ai';

export const ai: Record<keyof typeof en, string> = {
  'ai.total': '会话总量',
  'ai.resolved': 'AI 解决总数',
  'ai.rate': 'AI 解决占比',
  'ai.graph': '每日会话数',
  'ai.groupBy': '分组',
  'ai.by.channel': '客服账号',
  'ai.by.ai_status': '状态',
  'ai.by.tag': '标签',
  'ai.sales': '各账号 AI 促成销售额',
  'ai.noSales': '没有订单来自会话中点击过的商品或智能客服的消息。客服账号设置归因时限后，销售额才会计入。',
  'ai.tip': '“已转接”的会话是智能客服答不上来的，逐条查看可以发现知识缺口。',
  'ai.tipLink': '查看已转接的会话',
  'ai.off': '智能客服未在任何账号启用。此前的数据会保留，重新启用前不再收集新数据。',
  'ai.list': '会话',
  'ai.find': '搜索会话',
  'ai.status': '状态',
  'ai.all': '全部',
  'ai.profile': '客户资料',
  'ai.none': '该时间段内没有智能客服会话。',
  'ai.statusHelp': '已解决：最后一条是智能客服的消息，无人工介入，由访客结束或 48 小时无消息后自动结束。已转接：已创建工单或由人工接手。已交接结束：无法解决，并展示了交接话术。进行中：其余情况。',
};

import { defineMessages } from '../messages';

/* Words of orders that the pages 订单 and 异常订单 share. */
export const o = defineMessages(
  {
    'push.waiting': '待推送',
    'push.sending': '推送中',
    'push.pushed': '已进 ERP',
    'push.exception': '异常',
    'push.closed': '已关闭',
    'state.placed': '待接单',
    'state.accepted': '已接单',
    'state.delivering': '配送中',
    'state.completed': '已完成',
    'state.cancelled': '已取消',
    timeline: '经过',
    now: '现在',
    'now.exception': '等你选一个办法',
    'now.waiting': '排队等推送',
    raw: '原始返回',
    'raw.title': 'ERP 原文',
    'wait.minutes': '{m}分',
    'wait.hours': '{h}时{m}分',
    'wait.days': '{d}天{h}时',
  },
  {
    'push.waiting': 'Waiting',
    'push.sending': 'Sending',
    'push.pushed': 'In the ERP',
    'push.exception': 'Exception',
    'push.closed': 'Closed',
    'state.placed': 'Placed',
    'state.accepted': 'Accepted',
    'state.delivering': 'On its way',
    'state.completed': 'Completed',
    'state.cancelled': 'Cancelled',
    timeline: 'What happened',
    now: 'Now',
    'now.exception': 'Waits for your choice',
    'now.waiting': 'Queued for the ERP',
    raw: 'Raw answer',
    'raw.title': 'The ERP’s own text',
    'wait.minutes': '{m}m',
    'wait.hours': '{h}h {m}m',
    'wait.days': '{d}d {h}h',
  },
);

export type OrderWord = Parameters<typeof o>[0];

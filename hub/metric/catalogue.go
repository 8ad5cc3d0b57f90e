package metric

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// Unit is what a metric's value is measured in.
type Unit string

// The units.
const (
	UnitCount   Unit = "count"
	UnitSeconds Unit = "seconds"
	UnitRatio   Unit = "ratio" // 0 to 1, shown as a percentage
	UnitMoney   Unit = "money"
	UnitTime    Unit = "time"
)

// Better is the direction in which a metric improves.
type Better string

// The directions.
const (
	BetterUp   Better = "up"
	BetterDown Better = "down"
	BetterNone Better = "none"
)

// Need is a part of Sums that a metric is made from.
type Need uint16

// The parts that a report has to bring.
const (
	NeedCounts Need = 1 << iota
	NeedDistinct
	NeedRevenue
	NeedPresence
	NeedAISales   // Sums.AISales
	NeedCredits   // Sums.CreditsUsed
	NeedBalance   // Sums.CreditBalance
	NeedServed    // Sums.ServedCustomers
	NeedFriends   // Sums.FriendCustomers
	NeedUpgraded  // Sums.UpgradedCustomers
	NeedAffected  // Sums.AffectedAgents
	NeedFlows     // Sums.FlowsTriggered
	NeedHistogram // Sums.FirstResponses
)

// Metric is one entry of the catalogue.
type Metric struct {
	ID      string
	Name    event.Text
	Formula event.Text
	Unit    Unit
	Better  Better
	Live    bool // a gauge: what is true now; it has no range
	// PerAgent says that the metric has a form of its own per agent (**A**).
	PerAgent bool
	// AgentsOnly says that it is a property of agents, not of conversations.
	AgentsOnly bool
	Needs      Need
	// Parts are the part dimensions of the counters that it is made from.
	Parts  []Dimension
	Serves string // the rows of the feature list

	eval func(*Sums, *Settings) Value
}

// Eval evaluates the metric over sums. A gauge has no sums: its value is undefined.
func (m *Metric) Eval(s *Sums, p *Settings) Value {
	if m.eval == nil {
		return Value{}
	}
	return m.eval(s, p)
}

// Dimensions are the ones that the metric can be broken down by.
func (m *Metric) Dimensions() []Dimension {
	switch {
	case m.Live:
		return []Dimension{}
	case m.AgentsOnly && m.Needs&NeedPresence != 0:
		return []Dimension{ByDay, ByChannel, ByTeam, ByAgent}
	case m.Needs&NeedBalance != 0:
		return []Dimension{ByChannel}
	case m.Needs&NeedCredits != 0:
		return append([]Dimension{ByDay, ByHour, ByChannel}, m.Parts...)
	}
	return append(slices.Clone(Dimensions), m.Parts...)
}

var byID = func() map[string]*Metric {
	m := make(map[string]*Metric, len(catalogue))
	for i := range catalogue {
		m[catalogue[i].ID] = &catalogue[i]
	}
	return m
}()

// Lookup finds a metric by its id.
func Lookup(id string) (*Metric, bool) {
	m, ok := byID[id]
	return m, ok
}

// Catalogue lists every metric, in the order of the specification.
func Catalogue() []*Metric {
	all := make([]*Metric, len(catalogue))
	for i := range catalogue {
		all[i] = &catalogue[i]
	}
	return all
}

func count(c Counter) func(*Sums, *Settings) Value {
	return func(s *Sums, _ *Settings) Value { return Value{Value: s.Counts[c]} }
}

func seconds(c Counter) func(*Sums, *Settings) Value {
	return func(s *Sums, _ *Settings) Value { return Value{Value: exactly(s.Counts[c], 1000)} }
}

func rate(num, den Counter) func(*Sums, *Settings) Value {
	return func(s *Sums, _ *Settings) Value { return quotient(s.Counts[num], 1, s.Counts[den]) }
}

func mean(millis, n Counter) func(*Sums, *Settings) Value {
	return func(s *Sums, _ *Settings) Value { return quotient(s.Counts[millis], 1000, s.Counts[n]) }
}

func violationRate(s *Sums, _ *Settings) Value {
	if s.PerAgent {
		return quotient(s.Counts[RiskyChats], 1, s.Counts[HandledOrRisky])
	}
	return quotient(s.Counts[RiskyChats], 1, s.Counts[Chats])
}

func avgResponse(s *Sums, p *Settings) Value {
	c := &s.Counts
	if p.ResponseTime == "first" {
		return quotient(c[FirstResponseMillis], 1000, c[FirstResponses])
	}
	return sumOfMeans(c[FirstResponseMillis], c[FirstResponses], c[TurnResponseMillis], c[TurnResponses])
}

const accuracyUnit = 1_000_000_000_000

var catalogue = []Metric{
	gauge("queue_length", "Waiting", "排队人数", BetterDown, UnitCount, "W4",
		"Distinct customers with a conversation that is queued for a human now.", "当前有会话正在排队等待人工的客户数（去重）。"),
	gauge("longest_wait_seconds", "Longest wait", "最长等待时间", BetterDown, UnitSeconds, "P1",
		"Time since the first queueing, after its start or last assignment, of the conversation that waits longest.", "等待最久的会话自其开始或上次分配后首次排队至今的时间。"),
	gauge("online_agents", "Agents online", "接待中员工数", BetterNone, UnitCount, "T5 T32 W5",
		"Agents whose state is online now.", "当前状态为正在接待的员工数。"),
	gauge("paused_agents", "Agents paused", "停止接待员工数", BetterNone, UnitCount, "W16",
		"Agents who are signed in and take no chats now.", "当前已登录但停止接待的员工数。"),
	gauge("total_agents", "Agents", "员工总数", BetterNone, UnitCount, "T32",
		"Agents that are not disabled.", "未停用的员工数。"),
	gauge("agents_with_active_chats", "Agents with active chats", "有进行中会话的员工数", BetterNone, UnitCount, "T6 T32",
		"Agents with at least one open conversation assigned to them.", "至少有一个进行中会话的员工数。"),
	perAgent(gauge("active_chats", "Active chats", "咨询中会话数", BetterNone, UnitCount, "W6 W19",
		"Open conversations assigned to an agent.", "当前分配给员工且未结束的会话数。")),
	gauge("bot_chats", "Chats with the bot", "机器人接待中会话数", BetterNone, UnitCount, "K7",
		"Open conversations assigned to a bot.", "当前分配给机器人且未结束的会话数。"),
	perAgent(gauge("pending_replies", "Pending replies", "待回复会话数", BetterDown, UnitCount, "T33",
		"Open human turns: conversations in which a customer waits for an agent's reply.", "客户正在等待人工回复的会话数。")),
	perAgent(gauge("capacity", "Capacity", "接待上限", BetterNone, UnitCount, "W20",
		"How many chats the agents who are online may have at once.", "在线员工可同时接待的会话数上限。")),
	perAgent(gauge("occupancy", "Occupancy", "接待饱和度", BetterNone, UnitRatio, "P11",
		"Active chats ÷ capacity, over the agents who are online and have a limit.", "在线且设有接待上限的员工：进行中会话数 ÷ 接待上限。")),
	perAgent(gauge("active_sessions", "Active sessions", "活跃会话数", BetterNone, UnitCount, "S3 S8 S12",
		"Sessions that are open, or were closed less than the grace ago: unassigned, assigned and resolved.", "未结束或结束未超过宽限期的会话数，分为未分配、已分配与已解决。")),
	gauge("contacts", "Contacts", "联系人数", BetterNone, UnitCount, "S4",
		"Customers who ever wrote, each once.", "曾发过消息的客户数（去重）。"),
	gauge("active_customers", "Active customers", "活跃客户数", BetterNone, UnitCount, "S11",
		"Distinct customers who have an active session now.", "当前有活跃会话的客户数（去重）。"),
	gauge("idle_customers", "Idle customers", "沉默客户数", BetterNone, UnitCount, "S11",
		"Customers who wrote before and have no active session now.", "曾发过消息且当前无活跃会话的客户数。"),

	counter("sessions", Sessions, "Sessions", "接入会话数", "T4 W28 S9", "Conversations started.", "开始的会话数。"),
	counter("chats", Chats, "Chats", "咨询会话数", "T13", "Sessions in which the customer wrote.", "客户发过消息的会话数。"),
	counter("chats_bot_only", ChatsBotOnly, "Bot-only chats", "仅机器人会话数", "T14", "Chats in which a bot and no human was involved.", "仅有机器人参与的会话数。"),
	counter("chats_human_only", ChatsHumanOnly, "Human-only chats", "仅人工会话数", "T15", "Chats in which a human and no bot was involved.", "仅有人工参与的会话数。"),
	counter("chats_bot_to_human", ChatsBotToHuman, "Bot-to-human chats", "机器人转人工会话数", "T16", "Chats in which both a bot and a human were involved.", "机器人与人工均参与的会话数。"),
	counter("chats_unhandled", ChatsUnhandled, "Unhandled chats", "未处理会话数", "T13", "Chats in which nobody was involved.", "无人参与的会话数。"),
	counter("consultations", Consultations, "Consultations", "客户咨询会话数", "W29", "Chats that were assigned to an agent or a bot at least once.", "客户发过消息且分配给员工或智能助手的会话数。"),
	counter("human_sessions", HumanSessions, "Sessions that reached a human", "接入人工会话数", "W8 W30", "Sessions assigned to an agent at least once, on the day of the first such assignment.", "至少分配给人工一次的会话数，计入首次分配当日。"),
	counter("segments", Segments, "Segments", "咨询会话段数", "W31", "Handlers in turn of sessions in which the customer wrote.", "按接待人切分的会话段数。"),
	counter("human_segments", HumanSegments, "Human segments", "人工咨询会话段数", "W32", "Segments with an agent.", "人工接待的会话段数。"),

	perAgent(counter("response_required", ResponseRequired, "Response required", "需回复会话数", "T20", "Conversations whose first human turn opened that day.", "当日首次需要人工回复的会话数。")),
	perAgent(counter("responded_in_window", RespondedInWindow, "Responded in the window", "时限内回复会话数", "T20", "Of them, those answered within the response window.", "其中在时限内得到回复的会话数。")),
	perAgent(ratio("response_rate", ResponseRequired, RespondedInWindow, "Response rate", "时限内回复率", BetterUp, "T20 T22 T33", "Responded in the window ÷ response required.", "时限内回复会话数 ÷ 需回复会话数。")),
	perAgent(counter("human_inbound", HumanInbound, "Inbound to humans", "客户向人工发消息的会话数", "W7", "Conversations, by local day, in which the customer wrote while a human was responsible.", "当日客户在人工接待期间发过消息的会话数。")),
	perAgent(counter("human_replied", HumanReplied, "Replied by humans", "人工已回复会话数", "W7", "Of them, those in which an agent wrote after the first of these messages that day.", "其中人工在客户首条消息之后当日有回复的会话数。")),
	perAgent(ratio("reply_rate", HumanInbound, HumanReplied, "Reply rate", "人工回复率", BetterUp, "W7 W22 W33", "Replied by humans ÷ inbound to humans.", "人工已回复会话数 ÷ 客户向人工发消息的会话数。")),
	perAgent(secondsSum("first_response_seconds", FirstResponseMillis, "First response, sum", "首次响应总时长", "W9", "Sum of the first response times.", "首次响应时长之和。")),
	perAgent(counter("first_responses", FirstResponses, "First responses", "首次响应数", "W9", "Conversations whose first answered human turn was answered that day.", "当日完成首次人工回复的会话数。")),
	perAgent(average("avg_first_response", FirstResponseMillis, FirstResponses, "Average first response", "平均首响时长", "W9 W23 W34 S15", "Sum of first response times ÷ first responses.", "首次响应总时长 ÷ 首次响应数。")),
	perAgent(secondsSum("turn_response_seconds", TurnResponseMillis, "Later responses, sum", "多轮响应总时长", "T23", "Sum of the response times of later turns.", "后续轮次响应时长之和。")),
	perAgent(counter("turn_responses", TurnResponses, "Later responses", "多轮响应数", "T23", "Answered human turns after the first.", "首轮之后得到人工回复的轮次数。")),
	perAgent(average("avg_turn_response", TurnResponseMillis, TurnResponses, "Average turn response", "平均多轮响应时长", "T23", "Sum of later response times ÷ later responses.", "多轮响应总时长 ÷ 多轮响应数。")),
	{
		ID: "avg_response", Name: event.Text{EN: "Average response time", ZH: "平均响应时长"}, Unit: UnitSeconds, Better: BetterDown, PerAgent: true, Needs: NeedCounts, Serves: "T9 T23 T33",
		Formula: event.Text{EN: "Average first response + average turn response (0 if there is none), or the first alone, as the profile says.", ZH: "平均首响时长 + 平均多轮响应时长（无则为 0）；或仅首响，按配置。"},
		eval:    avgResponse,
	},
	percentile("first_response_p50", 50, "First response, median", "首响时长中位数",
		"The first response time that half of all do not exceed, within 5 %.", "半数首次响应不超过的时长，误差不超过 5%。"),
	percentile("first_response_p90", 90, "First response, 90th percentile", "首响时长 90 分位",
		"The first response time that nine of ten do not exceed, within 5 %.", "九成首次响应不超过的时长，误差不超过 5%。"),
	counter("responded_in_service_level", RespondedInServiceLevel, "Within service level", "服务水平内回复会话数", "P5", "Conversations whose first human turn was answered within the service level's seconds.", "首轮在服务水平时限内得到人工回复的会话数。"),
	ratio("service_level", ResponseRequired, RespondedInServiceLevel, "Service level", "服务水平", BetterUp, "P5", "Within service level ÷ response required.", "服务水平内回复会话数 ÷ 需回复会话数。"),
	better(BetterDown, counter("abandoned_chats", AbandonedChats, "Abandoned chats", "放弃会话数", "P4", "Closed with a human turn open and no agent message so far, once per session, on the day that turn opened.", "人工从未回复即结束且客户仍在等待的会话数。")),
	ratio("abandonment_rate", ResponseRequired, AbandonedChats, "Abandonment rate", "放弃率", BetterDown, "P4", "Abandoned chats ÷ response required.", "放弃会话数 ÷ 需回复会话数。"),
	better(BetterDown, counter("reopened", Reopened, "Reopened", "重新打开次数", "P27", "Reopenings of closed conversations.", "已结束会话被重新打开的次数。")),

	perAgent(counter("surveys_sent", SurveysSent, "Surveys sent", "满意度评价发送数", "W11 W50", "Conversations, by local day, that were sent a survey.", "当日发送过满意度评价的会话数。")),
	perAgent(counter("surveys_sent_answered", SurveysSentAnswered, "Surveys answered", "已参评会话数", "W12", "Of them, answered, whenever.", "其中客户已评价的会话数。")),
	perAgent(ratio("survey_response_rate", SurveysSent, SurveysSentAnswered, "Survey response rate", "参评率", BetterUp, "W12 W24", "Surveys answered ÷ surveys sent.", "已参评会话数 ÷ 满意度评价发送数。")),
	perAgent(counter("rated", Rated, "Ratings", "评价数", "T19 W10", "Survey answers.", "收到的评价数。")),
	perAgent(better(BetterUp, counter("satisfied", Satisfied, "Satisfied", "满意数", "T19 W10", "Answers with 4 or 5 stars.", "4–5 星评价数。"))),
	perAgent(counter("neutral", Neutral, "Neutral", "一般数", "W25", "Answers with 3 stars.", "3 星评价数。")),
	perAgent(better(BetterDown, counter("dissatisfied", Dissatisfied, "Dissatisfied", "不满意数", "W25", "Answers with 1 or 2 stars.", "1–2 星评价数。"))),
	perAgent(ratio("satisfaction_rate", Rated, Satisfied, "Satisfaction", "满意评价占比", BetterUp, "T19 W10 W25", "Satisfied ÷ ratings.", "满意数 ÷ 评价数。")),
	perAgent(ratio("neutral_rate", Rated, Neutral, "Neutral share", "一般评价占比", BetterNone, "W25", "Neutral ÷ ratings.", "一般数 ÷ 评价数。")),
	perAgent(ratio("dissatisfaction_rate", Rated, Dissatisfied, "Dissatisfaction", "不满意评价占比", BetterDown, "W25", "Dissatisfied ÷ ratings.", "不满意数 ÷ 评价数。")),
	parted(perAgent(better(BetterDown, counter("negative_ratings", NegativeRatings, "Negative ratings", "差评数", "T19 T39 T50", "Answers with 1 or 2 stars, or 3 where the profile calls neutral negative.", "1–2 星评价；若配置将中评视为差评则含 3 星。"))), ByReason),

	distinct("chatting_customers", "Customers who chatted", "咨询客户数", "T30", "Distinct customers who wrote.", "发过消息的客户数（去重）。", func(s *Sums) int64 { return s.ConsultingCustomers }),
	distinct("converted_customers", "Converted customers", "成交客户数", "T30", "Of them, those with an order paid within the conversion window after a chat of that day.", "其中在转化窗口内下单支付的客户数。", func(s *Sums) int64 { return s.ConvertedCustomers }),
	{
		ID: "conversion_rate", Name: event.Text{EN: "Conversion rate", ZH: "咨询转化率"}, Unit: UnitRatio, Better: BetterUp, Needs: NeedDistinct, Serves: "T30",
		Formula: event.Text{EN: "Converted customers ÷ customers who chatted.", ZH: "成交客户数 ÷ 咨询客户数。"},
		eval:    func(s *Sums, _ *Settings) Value { return quotient(s.ConvertedCustomers, 1, s.ConsultingCustomers) },
	},
	better(BetterUp, counter("orders_after_inquiry", OrdersAfterInquiry, "Orders after inquiry", "咨询后订单数", "T29", "Orders paid within the conversion window after a chat, each once, on the last chat before it.", "咨询后在转化窗口内支付的订单数，计入最近一次咨询。")),
	{
		ID: "revenue_after_inquiry", Name: event.Text{EN: "Revenue after inquiry", ZH: "咨询后成交金额"}, Unit: UnitMoney, Better: BetterUp, Needs: NeedRevenue, Serves: "T28",
		Formula: event.Text{EN: "Sum of these orders' amounts, by currency, never converted.", ZH: "上述订单金额之和，按币种，不换算。"},
		eval:    func(s *Sums, _ *Settings) Value { return Value{Value: s.Revenue.Strings()} },
	},

	perAgent(better(BetterDown, counter("risky_chats", RiskyChats, "Risky chats", "风险会话数", "T44", "Chats with a blocked or flagged message.", "含被拦截或被标记消息的会话数。"))),
	{
		ID: "violation_rate", Name: event.Text{EN: "Violation rate", ZH: "违规率"}, Unit: UnitRatio, Better: BetterDown, PerAgent: true, Needs: NeedCounts, Serves: "T46",
		Formula: event.Text{EN: "Risky chats ÷ chats; per agent ÷ the conversations that the agent handled or wrote a risky message in.", ZH: "风险会话数 ÷ 会话数；按员工时除以其处理或产生风险的会话数。"},
		eval:    violationRate,
	},
	affected,
	parted(perAgent(better(BetterDown, counter("blocked_messages", BlockedMessages, "Blocked messages", "拦截消息数", "T49", "Messages that were blocked before the customer saw them.", "在客户看到前被拦截的消息数。"))), ByCategory, ByRule),
	parted(perAgent(better(BetterDown, counter("flagged_messages", FlaggedMessages, "Flagged messages", "标记消息数", "T44", "Messages that were delivered and are risky.", "已送达但存在风险的消息数。"))), ByCategory, ByRule),
	parted(perAgent(counter("disputed_messages", DisputedMessages, "Disputed blocks", "申诉的拦截数", "N5", "Blocked messages that their author disputed, on the day of the block.", "员工提出申诉的被拦截消息数，计入拦截当日。")), ByCategory, ByRule),
	parted(perAgent(better(BetterDown, counter("overturned_blocks", OverturnedBlocks, "Overturned blocks", "误拦截数", "N5", "Blocked messages whose block was decided to be wrong, on the day of the block.", "经裁定为误拦截的消息数，计入拦截当日。"))), ByCategory, ByRule),
	parted(perAgent(ratio("false_block_rate", BlockedMessages, OverturnedBlocks, "False-block rate", "误拦截率", BetterDown, "N5", "Overturned blocks ÷ blocked messages.", "误拦截数 ÷ 拦截消息数。")), ByCategory, ByRule),

	perAgent(counter("messages_received", MessagesReceived, "Messages received", "咨询消息数", "W35 W48 S6", "Messages sent by customers; per agent, while assigned to that agent.", "客户发送的消息数；按员工时为其接待期间。")),
	perAgent(counter("messages_agent", MessagesAgent, "Agents' messages", "员工消息数", "S6 S14", "Messages that agents wrote; per agent by author.", "员工发送的消息数，按作者。")),
	counter("messages_bot", MessagesBot, "Bots' messages", "机器人消息数", "S6", "Messages of bots, automatic ones included.", "机器人及自动消息数。"),
	counter("messages_broadcast", MessagesBroadcast, "Broadcasts", "群发消息数", "S7", "Broadcasts sent to customers.", "向客户群发的消息数。"),

	distinct("customers", "Customers", "接入客户数", "W36", "Distinct customers of sessions.", "进入会话的客户数（去重）。", func(s *Sums) int64 { return s.Customers }),
	distinct("consulting_customers", "Consulting customers", "咨询客户数", "W37", "Distinct customers of chats.", "发过消息的客户数（去重）。", func(s *Sums) int64 { return s.ConsultingCustomers }),
	sized("friend_customers", NeedFriends, "Customers who are friends", "企业好友客户数", "W38", "Distinct customers of sessions of the range who are friends now.", "进入会话的客户中当前为企业好友的客户数（去重）。", func(s *Sums) int64 { return s.FriendCustomers }),
	counter("specialist_invites", SpecialistInvites, "Specialist invitations", "专员服务邀请数", "W39", "Times that a specialist card was sent.", "发送专员名片的次数。"),
	counter("group_invites", GroupInvites, "Group invitations", "客户群服务邀请数", "W40", "Times that a group QR code was sent.", "发送客户群二维码的次数。"),
	counter("specialists_added", SpecialistsAdded, "Specialists added", "添加专员客户数", "W41", "Distinct pairs of customer and specialist, by local day: one customer who adds two specialists counts two.", "当日添加专员的客户数；同一客户添加 n 位专员计 n。"),
	counter("groups_joined", GroupsJoined, "Groups joined", "加入客户群的客户数", "W42", "Distinct pairs of customer and group, by local day: one customer who joins two groups counts two.", "当日加入客户群的客户数；同一客户加入 n 个群计 n。"),
	sized("upgraded_customers", NeedUpgraded, "Upgraded customers", "升级服务客户数", "W43", "Distinct customers who added a specialist or joined a group.", "添加专员或加入客户群的客户数（去重）。", func(s *Sums) int64 { return s.UpgradedCustomers }),
	counter("new_contacts", NewContacts, "New contacts", "新增联系人数", "S10", "Customers whose first message ever this was.", "首次发消息的客户数。"),

	agentsOnly(Metric{
		ID: "online_seconds", Name: event.Text{EN: "Time online", ZH: "在线时长"}, Unit: UnitSeconds, Better: BetterNone, Needs: NeedPresence, Serves: "W18 W45",
		Formula: event.Text{EN: "Time with status online, cut at local midnight; a spell that still runs counts up to the answer's time.", ZH: "状态为正在接待的时长，按自然日切分；进行中的计至查询时刻。"},
		eval:    func(s *Sums, _ *Settings) Value { return Value{Value: exactly(s.OnlineMillis, 1000)} },
	}),
	agentsOnly(Metric{
		ID: "first_online_at", Name: event.Text{EN: "First online", ZH: "首次在线时间"}, Unit: UnitTime, Better: BetterNone, Needs: NeedPresence, Serves: "W17",
		Formula: event.Text{EN: "First moment online in the local day.", ZH: "自然日内首次进入正在接待的时刻。"},
		eval: func(s *Sums, _ *Settings) Value {
			if s.FirstOnline == 0 {
				return Value{}
			}
			return Value{Value: FormatTime(s.FirstOnline)}
		},
	}),
	perAgent(counter("assigned_sessions", AssignedSessions, "Sessions assigned", "接待会话数", "W21 W46", "Distinct conversations assigned to an agent, by local day.", "当日分配给员工的会话数（去重）。")),
	perAgent(counter("assign_events", AssignEvents, "Times assigned", "分配次数", "S13", "Assignments to agents.", "分配给员工的次数。")),
	perAgent(counter("handled_chats", HandledChats, "Handled chats", "处理会话数", "T33", "Conversations in which an agent wrote, by local day.", "当日员工发过消息的会话数。")),

	perAgent(sized("served_customers", NeedServed, "Customers served", "接待客户数", "W47", "Distinct customers of the conversations assigned to an agent.", "分配给员工的会话中的客户数（去重）。", func(s *Sums) int64 { return s.ServedCustomers })),

	counter("ai_conversations", AIConversations, "AI conversations", "AI 会话数", "K7", "Sessions that were assigned to a bot, or in which a bot wrote.", "分配给机器人或机器人发过消息的会话数。"),
	better(BetterUp, counter("ai_resolved", AIResolved, "Resolved by AI", "AI 已解决会话数", "K8 K16", "AI conversations that were closed as resolved after a last message of a bot, with no human and no handoff.", "无人工参与、无转接、末条消息来自机器人并以已解决结束的 AI 会话数。")),
	ratio("ai_resolved_rate", AIConversations, AIResolved, "Percent resolved by AI", "AI 解决率", BetterUp, "K9", "Resolved by AI ÷ AI conversations.", "AI 已解决会话数 ÷ AI 会话数。"),
	{
		ID: "ai_sales", Name: event.Text{EN: "AI-generated sales", ZH: "AI 促成销售额"}, Unit: UnitMoney, Better: BetterUp, Needs: NeedAISales, Serves: "K10 K11",
		Formula: event.Text{EN: "Sum of the orders paid within their channel's attribution window after its latest touch, by currency, never converted.", ZH: "在渠道归因窗口内、最近一次触点之后支付的订单金额之和，按币种，不换算。"},
		eval:    func(s *Sums, _ *Settings) Value { return Value{Value: s.AISales.Strings()} },
	},

	parted(counter("flow_triggers", FlowTriggers, "Flows run", "流程触发次数", "S18", "Times that a flow ran.", "流程触发的次数。"), ByFlow),
	parted(sized("flows_triggered", NeedFlows, "Flows triggered", "触发的流程数", "S18", "Distinct flows that ran.", "触发过的流程数（去重）。", func(s *Sums) int64 { return s.FlowsTriggered }), ByFlow),
	{
		ID: "credits_used", Name: event.Text{EN: "Credits used", ZH: "额度消耗"}, Unit: UnitMoney, Better: BetterNone, Needs: NeedCredits, Parts: []Dimension{ByCategory}, Serves: "S19 S20",
		Formula: event.Text{EN: "Sum charged for template messages, by currency, never converted.", ZH: "模板消息的扣费之和，按币种，不换算。"},
		eval:    func(s *Sums, _ *Settings) Value { return Value{Value: s.CreditsUsed.Strings()} },
	},
	{
		ID: "credit_balance", Name: event.Text{EN: "Credit balance", ZH: "额度余额"}, Unit: UnitMoney, Better: BetterNone, Needs: NeedBalance, Serves: "S20",
		Formula: event.Text{EN: "Credits added less credits charged, ever, by currency, never converted.", ZH: "历史充值减去历史扣费，按币种，不换算。"},
		eval:    func(s *Sums, _ *Settings) Value { return Value{Value: s.CreditBalance.Strings()} },
	},

	parted(counter("assist_uses", AssistUses, "AI tool uses", "AI 工具使用次数", "S21", "Uses of the writing aids.", "写作辅助工具的使用次数。"), ByTool),
	{
		ID: "assist_accuracy", Name: event.Text{EN: "Average accuracy", ZH: "平均准确率"}, Unit: UnitRatio, Better: BetterUp, Needs: NeedCounts, Parts: []Dimension{ByTool}, Serves: "S22",
		Formula: event.Text{EN: "Mean of 1 − edit distance between suggestion and reply ÷ the longer length; translated, incomplete and empty uses are left out.", ZH: "1 − 建议与发送内容的编辑距离 ÷ 较长者长度 的平均值；翻译、不完整或空的使用不计。"},
		eval: func(s *Sums, _ *Settings) Value {
			return quotient(s.Counts[AssistAccuracy], accuracyUnit, s.Counts[AssistAccuracyUses])
		},
	},
}

// affected is not per agent: it counts agents.
var affected = better(BetterDown, sized("affected_agents", NeedAffected, "Affected agents", "涉及员工数", "T45", "Distinct agents who wrote a blocked or flagged message.", "发送过被拦截或被标记消息的员工数（去重）。", func(s *Sums) int64 { return s.AffectedAgents }))

func gauge(id, en, zh string, b Better, u Unit, serves, formula, formulaZH string) Metric {
	return Metric{ID: id, Name: event.Text{EN: en, ZH: zh}, Formula: event.Text{EN: formula, ZH: formulaZH}, Unit: u, Better: b, Live: true, Serves: serves}
}

func counter(id string, c Counter, en, zh, serves, formula, formulaZH string) Metric {
	return Metric{ID: id, Name: event.Text{EN: en, ZH: zh}, Formula: event.Text{EN: formula, ZH: formulaZH}, Unit: UnitCount, Better: BetterNone, Needs: NeedCounts, Serves: serves, eval: count(c)}
}

func secondsSum(id string, c Counter, en, zh, serves, formula, formulaZH string) Metric {
	m := counter(id, c, en, zh, serves, formula, formulaZH)
	m.Unit, m.eval = UnitSeconds, seconds(c)
	return m
}

func ratio(id string, den, num Counter, en, zh string, b Better, serves, formula, formulaZH string) Metric {
	m := counter(id, num, en, zh, serves, formula, formulaZH)
	m.Unit, m.Better, m.eval = UnitRatio, b, rate(num, den)
	return m
}

func average(id string, millis, n Counter, en, zh, serves, formula, formulaZH string) Metric {
	m := counter(id, millis, en, zh, serves, formula, formulaZH)
	m.Unit, m.Better, m.eval = UnitSeconds, BetterDown, mean(millis, n)
	return m
}

func distinct(id, en, zh, serves, formula, formulaZH string, of func(*Sums) int64) Metric {
	return sized(id, NeedDistinct, en, zh, serves, formula, formulaZH, of)
}

// sized is the size of a set.
func sized(id string, n Need, en, zh, serves, formula, formulaZH string, of func(*Sums) int64) Metric {
	return Metric{
		ID: id, Name: event.Text{EN: en, ZH: zh}, Formula: event.Text{EN: formula, ZH: formulaZH}, Unit: UnitCount, Better: BetterNone, Needs: n, Serves: serves,
		eval: func(s *Sums, _ *Settings) Value { return Value{Value: of(s)} },
	}
}

func percentile(id string, percent int64, en, zh, formula, formulaZH string) Metric {
	return perAgent(Metric{
		ID: id, Name: event.Text{EN: en, ZH: zh}, Formula: event.Text{EN: formula, ZH: formulaZH}, Unit: UnitSeconds, Better: BetterDown, Needs: NeedHistogram, Serves: "P17",
		eval: func(s *Sums, _ *Settings) Value {
			millis, ok := s.FirstResponses.Quantile(percent)
			if !ok {
				return Value{}
			}
			return Value{Value: exactly(millis, 1000)}
		},
	})
}

func perAgent(m Metric) Metric                { m.PerAgent = true; return m }
func better(b Better, m Metric) Metric        { m.Better = b; return m }
func parted(m Metric, by ...Dimension) Metric { m.Parts = by; return m }
func agentsOnly(m Metric) Metric              { m.PerAgent, m.AgentsOnly = true, true; return m }

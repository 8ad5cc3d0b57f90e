package risk

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// numberRules find numbers that identify a person or an account.
func numberRules() []Rule {
	return []Rule{
		{
			ID: "payment.bank_card", Category: offPlatformPayment, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "bank_card"}},
			Explanation: event.Text{
				EN: "This is the number of a payment card.",
				ZH: "消息中含有银行卡号。",
			},
			Advice: event.Text{
				EN: "Take it out. Payments run over the checkout only; to name a customer's card, write its last four digits.",
				ZH: "请删除卡号。付款请引导客户通过平台结算；如需确认客户的卡，只写后四位。",
			},
		},
		{
			ID: "privacy.chinese_id", Category: personalData, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "chinese_id"}},
			Explanation: event.Text{
				EN: "This is the number of a Chinese identity card.",
				ZH: "消息中含有身份证号码。",
			},
			Advice: event.Text{
				EN: "Take it out. If you must confirm an identity, use the platform's form.",
				ZH: "请删除身份证号。如需核实身份，请使用平台的实名认证流程。",
			},
		},
		{
			ID: "privacy.from_customer", Category: personalData, Severity: event.SeverityMonitor, Direction: FromCustomer,
			Detectors: []DetectorUse{{Name: "bank_card"}, {Name: "chinese_id"}},
			Explanation: event.Text{
				EN: "The customer wrote the number of a card or of an identity card.",
				ZH: "客户发送了银行卡号或身份证号码。",
			},
		},
	}
}

// conductRules find abuse and promises that no desk may make.
func conductRules() []Rule {
	rude := event.Text{
		EN: "This is abusive.",
		ZH: "消息中含有辱骂或不文明用语。",
	}
	rudeAdvice := event.Text{
		EN: "Say it without the marked words. If the customer is abusive, ask a supervisor to take over.",
		ZH: "请删除标记的用语，礼貌表达。如客户言语过激，请联系主管处理。",
	}
	promise := event.Text{
		EN: "This promises what nobody can promise.",
		ZH: "消息中含有夸大、绝对化或无法兑现的承诺。",
	}
	promiseAdvice := event.Text{
		EN: "Say what the policy or the product's description says, and no more.",
		ZH: "请按平台政策或商品说明如实描述，不要作绝对化承诺。",
	}
	review := event.Text{
		EN: "This offers something for a review, or for changing one.",
		ZH: "消息以返现、红包或礼品诱导好评或修改评价。",
	}
	reviewAdvice := event.Text{
		EN: "Ask for an honest review without offering anything.",
		ZH: "可以邀请客户如实评价，但不得以利益诱导。",
	}
	return []Rule{
		{
			ID: "conduct.abuse", Category: abuse, Severity: event.SeverityBlock,
			Phrases: allAbuse(), Patterns: forms("abuse"), Unless: quoted, Allow: []string{"装比单", "罐装比", "瓶装比", "袋装比", "盒装比", "箱装比", "散装比", "包装比", "套装比", "草泥马公仔", "(草泥马)", "草泥马毛绒", "草泥马玩偶", "混蛋清", "faggots and peas", "idiot's guide", "黑鬼针草", "tmd传感器", "tmd2771", "bitch of", "翻滚吧", "畜生道", "idiot-proof", "idiot proof", "傻瓜式", "傻瓜相机", "傻瓜机", "傻瓜操作", "傻瓜教程", "管住嘴", "bastard file", "bastard\" file", "我太蠢", "我真蠢", "我好蠢", "我蠢", "我眼瞎", "我真笨", "我太笨", "我脑子进水", "我脑子有坑", "我傻子", "我像个傻子", "drop dead gorgeous", "idiot light", "dumbo plush", "stupid autocorrect", "我这猪脑子", "我猪脑子", "我的猪脑子", "我是猪脑子", "我真是猪脑子", "我这个猪脑子", "辣鸡网络", "辣鸡翅", "脑残粉", "智障儿童", "智障人士", "傻子瓜子", "穷鬼套餐", "辣鸡网", "辣鸡网速", "辣鸡wifi", "辣鸡信号", "辣鸡手机", "辣鸡电脑", "辣鸡输入法", "辣鸡系统", "辣鸡软件", "辣鸡app", "辣鸡浏览器", "辣鸡自动"}, Explanation: rude, Advice: rudeAdvice,
		},
		{
			ID: "conduct.insult", Category: abuse, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "insult"}, {Name: "spoken_abuse"}}, Unless: quoted, Explanation: rude, Advice: rudeAdvice,
		},
		{
			ID: "conduct.abuse_from_customer", Category: abuse, Severity: event.SeverityMonitor, Direction: FromCustomer,
			Phrases: allAbuse(), Patterns: forms("abuse"),
			Explanation: event.Text{EN: "The customer is abusive.", ZH: "客户使用了辱骂用语。"},
		},
		{
			ID: "promise.review", Category: promises, Severity: event.SeverityBlock,
			Phrases: phrases("promise", "review", "zreview"), Patterns: forms("review"), Unless: warnings, Allow: []string{"好评不返", "好评没有返现", "好评有返现吗", "好评返现吗", "好评能返现吗", "好评可以返现吗", "好评有红包吗", "好评送红包吗", "有好评返现吗", "好评返现是真的吗"}, Explanation: review, Advice: reviewAdvice,
		},
		{
			ID: "promise.outcome", Category: promises, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "promise"}}, Unless: notPromised, Explanation: promise, Advice: promiseAdvice,
		},
		{
			ID: "promise.absolute", Category: promises, Severity: event.SeverityBlock,
			Phrases: slices.Concat(phrases("promise", "promise", "zpromise"), disguisedWords(phrases("promise", "zdisguised")...)), Patterns: forms("promise"), Unless: notPromised, Allow: []string{"根治杂草"}, Explanation: promise, Advice: promiseAdvice,
		},
	}
}

// allAbuse are insults as they stand and as they are hidden.
func allAbuse() []string {
	return slices.Concat(
		phrases("abuse", "profanity", "insult", "zinsult", "zphrase"),
		masked(phrases("abuse", "profanity", "masked")...),
		disguisedWords(phrases("abuse", "zinsult", "zambiguous")...))
}

// notPromised stand before what is no promise.
var notPromised = slices.Concat(warnings, []string{"does", "no", "not", "nobody can", "nothing is", "none is", "no one can", "unfortunately we can't", "无法", "没法", "不", "并不", "不敢", "如果", "是否", "不是"})

// quoted stand before a word that is reported and not said.
var quoted = []string{
	"i'm such an", "i am such an", "i'm an", "i was an", "i felt like an", "i feel like an", "feel like an", "felt like an", "feeling like an", "novel", "the novel", "book", "film", "movie", "comic", "song", "album", "review said", "you wrote", "wrote", "said", "says", "called", "反馈的", "写的", "说的", "骂", "骂我", "骂您", "举报", "我真", "我太", "我好", "小说", "电影", "绘本",
	"not a", "not", "no such thing as a", "was an", "was a", "he's an", "狗子", "我家狗", "我家猫", "熊孩子", "把我当", "当我是", "我当", "no", "do not say", "don't say", "called you", "the word", "请不要说", "不要说", "禁止使用",
}

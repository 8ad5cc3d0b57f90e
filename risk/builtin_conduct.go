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
			Phrases: allAbuse(), Patterns: allAbusePatterns(), Unless: quoted, Allow: []string{"草泥马公仔", "(草泥马)", "草泥马毛绒", "草泥马玩偶", "混蛋清", "faggots and peas", "idiot's guide", "黑鬼针草", "tmd传感器", "tmd2771", "bitch of", "翻滚吧", "畜生道", "idiot-proof", "idiot proof", "傻瓜式", "傻瓜相机", "傻瓜机", "傻瓜操作", "傻瓜教程", "管住嘴", "bastard file", "bastard\" file", "我太蠢", "我真蠢", "我好蠢", "我蠢", "我眼瞎", "我真笨", "我太笨", "我脑子进水", "我脑子有坑", "我傻子", "我像个傻子", "drop dead gorgeous", "idiot light", "dumbo plush", "stupid autocorrect", "我这猪脑子", "我猪脑子", "我的猪脑子", "我是猪脑子", "我真是猪脑子", "我这个猪脑子", "辣鸡网络", "辣鸡网", "辣鸡网速", "辣鸡wifi", "辣鸡信号", "辣鸡手机", "辣鸡电脑", "辣鸡输入法", "辣鸡系统", "辣鸡软件", "辣鸡app", "辣鸡浏览器", "辣鸡自动"}, Explanation: rude, Advice: rudeAdvice,
		},
		{
			ID: "conduct.insult", Category: abuse, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "insult"}, {Name: "spoken_abuse"}}, Unless: quoted, Explanation: rude, Advice: rudeAdvice,
		},
		{
			ID: "conduct.abuse_from_customer", Category: abuse, Severity: event.SeverityMonitor, Direction: FromCustomer,
			Phrases: allAbuse(), Patterns: allAbusePatterns(),
			Explanation: event.Text{EN: "The customer is abusive.", ZH: "客户使用了辱骂用语。"},
		},
		{
			ID: "promise.review", Category: promises, Severity: event.SeverityBlock,
			Phrases: phrases("promise", "review", "zreview"), Patterns: reviewPatterns, Unless: warnings, Allow: []string{"好评有返现吗", "好评返现吗", "好评能返现吗", "好评可以返现吗", "好评有红包吗", "好评送红包吗", "有好评返现吗", "好评返现是真的吗"}, Explanation: review, Advice: reviewAdvice,
		},
		{
			ID: "promise.outcome", Category: promises, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "promise"}}, Unless: notPromised, Explanation: promise, Advice: promiseAdvice,
		},
		{
			ID: "promise.absolute", Category: promises, Severity: event.SeverityBlock,
			Phrases: slices.Concat(phrases("promise", "promise", "zpromise"), disguisedWords(phrases("promise", "zdisguised")...)), Patterns: slices.Concat(promisePatterns, promiseWords, promiseWordsHan), Unless: notPromised, Allow: []string{"根治杂草"}, Explanation: promise, Advice: promiseAdvice,
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

func allAbusePatterns() []string { return slices.Concat(abusePatterns, abuseForms, abuseFormsHan) }

// notPromised stand before what is no promise.
var notPromised = slices.Concat(warnings, []string{"does", "no", "not", "nobody can", "nothing is", "none is", "no one can", "unfortunately we can't", "无法", "没法", "不", "并不", "不敢", "如果", "是否", "不是"})

// quoted stand before a word that is reported and not said.
var quoted = []string{
	"i'm such an", "i am such an", "i'm an", "i was an", "i felt like an", "i feel like an", "feel like an", "felt like an", "feeling like an", "novel", "the novel", "book", "film", "movie", "comic", "song", "album", "review said", "you wrote", "wrote", "said", "says", "called", "反馈的", "写的", "说的", "骂", "骂我", "骂您", "举报", "我真", "我太", "我好", "小说", "电影", "绘本",
	"not a", "not", "no such thing as a", "was an", "was a", "he's an", "把我当", "当我是", "我当", "no", "do not say", "don't say", "called you", "the word", "请不要说", "不要说", "禁止使用",
}

var abusePatterns = []string{
	`\bf[*#@%!_-][*#@%!_-]{0,2}c?k\w{0,3}\b`,
	`\bsh[*#@%!_-][*#@%!_-]?t\b`,
	`(?:^|[,.!?] ?|\b(?:just|now|so|and) )get lost(?:$|[,.!?]|\s+(?:loser|idiot|you))`,
	`\bfuc?kk+\w*|\bf\*\*+|(?:^|[.!?] )(?:stupid|idiot|moron|dumb)[!.]`,
	`(?:^|[^妈他她])妈的(?:[，,！!。~ ]|$)|去死(?:[^皮角]|$)|(?:^|[，。！,! 你给])滚开|你滚(?:[^动轮筒烫]|$)|\bshut it(?:[!]|$)|\bbite me(?:[!.]|$)`,
	`二百五(?:[^十块元百]|$)|你(?:是)?神经(?:啊|吧|$)|你(?:们)?有毛病|真?够(?:蠢|傻|笨|贱)的|去你(?:的|妈|大爷)(?:[^店货]|$)`,
	`\bfuuu*c?k+\w{0,3}\b`,
	`\byou(?:'re| are| r|re)?\s+(?:(?:are|really|just|so|such|an?|absolute|absolutely|total|complete|totally|completely|very|too|damn|bloody|fucking|stupid|lying|lazy|little|old|fat|utter)\s+){0,4}(?:idiots?|morons?|stupid|dumb|insane|annoying|ignorant|delusional|pathetic|worthless|losers?|liars?|clowns?|retard(?:ed)?|scum|trash|garbage|disgusting|imbeciles?|fools?|brainless|incompetent|psycho|creep|pigs?|bitch|jerks?|scammers?|crooks?)\b`,
	`(?:^|[^a-z0-9])s ?b(?:$|[吧啊！。，!])`,
	`他妈(?:的|有|什么|怎么|是|别|烦|谁|能|知道|还|给|快|就|到底)`,
	`(?:^|[,，。!！ ])(?:(?:操|艹)(?:[!！,，。 你]|$)|日你(?:[!！,，。 ]|$))`,
	`你(?:们)?(?:算(?:个)?什么东西|算老几|什么东西|算个屁)|有病(?:就|去|快去|得)(?:治|吃药|看)|脑子(?:有|进|被|坏|是不是)(?:坑|病|水|问题|毛病|屎|驴)|(?:什么)?(?:垃圾|傻逼|奇葩|极品)客户`,
	`你(?:是不是|是|怎么|真的?|可?真|好|太|这么|那么|有点|们)?(?:个)?(?:傻|蠢|笨|贱|瞎|聋)(?:$|[吗啊了呢吧!！?？。，,])`,
	`\bb[*#@%!_-]t?ch\b`,
	`\b(?:stupid|dumb|damn|bloody|fat|ugly|lazy|crazy)\s+(?:cow|pig|bitch|idiot|fool|moron|customer|woman|man|people|loser)s?\b|\bold (?:cow|pig|bitch|idiot|fool|moron|loser|hag)s?(?:[!.,?]|$| you)`,
	`(?:^|[,.!?，。！？\s])(?:滚|sb|白痴|神经病|废物|傻瓜|蠢)(?:[!！。.~\s]|$)`,
	`你(?:真|就|才|这个?|个|们|真是|就是)?(?:是)?(?:个|一个)?(?:大)?(?:傻[逼货瓜子蛋吧吗啊]|蠢[货蛋猪吧吗啊]|笨[蛋猪]|贱[货人]|废物|白痴|智障|神经病|疯子|骗子|猪[吗吧啊头])`,
	`(?:骂|弄|打|砍|杀)死你`,
}

var reviewPatterns = []string{
	`(?:给|写|来|打|留|发|晒|改|追)?(?:个|一个|了|成|加)?(?:五星|5星|全五星|满分)?好评[^。！？\n谢]{0,12}?(?:返|红包|送您?[^货达上到祝]|领(?:取|红包|券|礼|[0-9五十元])|奖励|补偿|礼品|礼物|现金|退(?:款|您|你|全款)|优惠券|小费)`,
	`(?:评价|晒图|评论)[^。！？\n]{0,8}(?:返(?:[^回还程厂修]|$)|补偿您|退您[0-9一二三五十]|领?红包)`,
	`差评[^。！？\n]{0,6}(?:删|撤|改)[^。！？\n]{0,8}(?:补偿|返|退|红包|给您|给你)|(?:改|修改|更改)(?:一下|下)?(?:评价|评论)[^。！？\n]{0,8}(?:返|退|补偿|红包|给您|给你)`,
	`\b(?:post|leave|write|give|submit)\b[^.!?\n]{0,20}\b(?:positive|good|5[ -]star|five[ -]star|nice|great)\b[^.!?\n]{0,16}\b(?:review|rating|feedback)s?\b[^.!?\n]{0,24}\b(?:send|give|refund|pay|gift|cash|coupon|receive|get|offer|reward)\b`,
	`(?:返现?|红包|送礼|奖励|补偿)[^。！？\n]{0,6}(?:好评|五星|晒图|晒单)`,
	`(?:删|撤|改|取消)(?:除|销|掉|了|下)?(?:您的|你的|这个|那个|条)?(?:差评|中评)[^。！？\n]{0,12}(?:返|红包|送|补偿|退|给您|给你|奖励|$)`,
	`\b(?:5|five)[ -]?stars?\b[^.!?\n]{0,40}\b(?:get|cash ?back|refund|gift|coupon|voucher|discount|\$[0-9]+|[0-9]+ ?%|reward|bonus|free|money)\b`,
	`\b(?:gift|coupon|voucher|cash ?back|refund|reward|bonus|discount|free (?:item|product|sample)|money|pay(?: you)?)\b[^.!?\n]{0,24}\b(?:for|if you (?:leave|write|give|post)|when you (?:leave|write|give|post))\b[^.!?\n]{0,20}\b(?:5|five|good|positive|great|nice)[ -]?(?:stars?)?\s?(?:reviews?|ratings?|feedback)\b`,
	`\b(?:change|edit|update|remove|delete|take down|withdraw)\s+(?:your|the|that|this)\s+(?:bad |negative |1[ -]star |one[ -]star |poor )?(?:review|rating|feedback)\b[^.!?\n]{0,40}\b(?:refund|gift|coupon|cash|voucher|discount|send you|give you|pay|compensat\w+|reward|money)`,
	`\b(?:positive|good|great|5[ -]star|five[ -]star) reviews?\b[^.!?\n]{0,20}\b(?:get|receive|earn|win|gets)\b[^.!?\n]{0,20}\b(?:cash|gift|refund|coupon|voucher|reward|discount|\$|free|money)`,
	`\b(?:review|screenshot of (?:a|your|the) [^.!?\n]{0,20}review)\b[^.!?\n]{0,16}\b(?:for|and (?:get|we)|to get)\b[^.!?\n]{0,16}\b(?:gift|coupon|voucher|cash|refund|reward|free)`,
}

var promisePatterns = []string{
	`\b(?:this|it|our|the|these|which|that|and|will|can|completely|totally|fully|permanently|definitely|surely|instantly|100%)\s+(?:\w+\s+){0,3}?(?:cures?|heals?)\s+(?:your |all |any |the |every )?(?:\w+\s+)?(?:acne|cold|flu|covid|cancer|diabetes|eczema|psoriasis|pain|back|arthritis|depression|anxiety|insomnia|hair loss|baldness|disease|diseases|illness|asthma|allergy|allergies|infection|hypertension|migraine|migraines|obesity|wrinkles)\b`,
	`\b(?:i|we)(?:'ll| will| can|)? (?:personally )?(?:guarantee|promise|swear|assure)\b[^.!?\n]{0,24}\b(?:full refund|money back|refund|replacement for life)\b[^.!?\n]{0,24}\b(?:no matter|even (?:if|without|though)|whatever|regardless|always|any ?time)`,
	`\b(?:we|i)(?:'ll| will|) (?:promise|guarantee|swear)\b[^.!?\n]{0,16}\b(?:never|always works?|cures?|forever|100%|lose [0-9]+|no side effect)`,
	`\b(?:zero|no) risk\b[^.!?\n]{0,10}\bguarantee|\bguaranteed?\b[^.!?\n]{0,10}\b(?:zero|no) risk\b`,
	`(?:一次性|彻底|永久|快速)(?:根治|治愈|治好|告别|解决)(?:鼻炎|脱发|脚气|痘|近视|失眠|湿疹)|(?:吃了|喝了|用了)(?:就)?(?:能|可以|会)?(?:降血糖|降血压|降三高|治病|痊愈)`,
	`\bguaranteed? to (?:cure|heal|lose|grow|win|earn|double|make you)\b`,
	`\bguaranteed\b[^.!?\n]{0,14}\b(?:profits?|returns|return on|income|earnings|weight loss|cure|[0-9]+ ?(?:%|percent|kg|pounds|lbs))`,
	`\breturns? of [0-9]+ ?(?:%|percent)[^.!?\n]{0,30}\bguaranteed`,
	`\b[0-9]+ ?(?:%|percent)\b[^.!?\n]{0,20}\bguaranteed\b[^.!?\n]{0,10}\b(?:profit|return|income|interest|cure|effective|success)`,
	`\bcures? [a-z ]{2,24}100 ?%|100 ?% (?:cures?|healed|cured)\b`,
	`(?:我|我私人|我个人|本人|小编)(?:以个人名义)?(?:保证|承诺|担保|打包票)[^。！？\n们]{0,10}(?:退款|全额退|退钱|赔)`,
	`(?:保证|承诺|包|一个?月|[0-9一二两三]{1,8}个?(?:月|周|天))[^。！？\n]{0,6}瘦[^。！？\n]{0,2}[0-9一二两三四五六七八九十]{1,8} ?(?:斤|公斤|kg)`,
	`(?:根治|治愈|治好|治疗好|彻底治)[^。！？\n吗]{0,8}(?:糖尿病|癌|高血压|脱发|痘|湿疹|牛皮癣|鼻炎|关节炎|失眠|抑郁|颈椎|腰椎|痛风|白发|肥胖|近视|皮炎|脚气|前列腺|胃病)`,
	`(?:100%|百分百|百分之百|绝对|保证)(?:有效|治愈|见效|根治|不复发|不反弹|安全无副作用|赚|盈利|美白|祛斑|祛痘|生发|增高)`,
	`(?:可以|能|能够|有效|专门|专)(?:治疗|治好|治愈|根治|治)(?:各种|多种|所有)?(?:高血压|糖尿病|癌|脱发|痘|湿疹|牛皮癣|鼻炎|关节炎|失眠|抑郁|颈椎病|腰椎|痛风|白发|近视|皮炎|脚气|胃病|疾病|百病)`,
	`(?:[0-9一二三两五七十]{1,8}天|一周|一次|一个月|当天|立刻|马上)(?:就能|就|即可|可)?(?:祛斑|祛痘|美白|见效|根除|生发|瘦[0-9一二三五十]|治愈|治好)`,
	`\b(?:lose|drop|shed)\s+[0-9]+ ?(?:kgs?|lbs?|pounds|kilos)\b[^.!?\n]{0,30}\b(?:guaranteed?|in (?:a|one|two|[0-9]+) (?:days?|weeks?|months?))\b`,
	`\bwill (?:definitely|certainly|surely|always|absolutely) (?:make (?:a |more |you )?(?:profit|money|rich)|earn|win|get rich|cure|heal|double)\b`,
	`\b(?:guarantee|guaranteed|promise)\b[^.!?\n]{0,12}\b(?:100 ?%|success|results)\b`,
	`绝对(?:不会|不可能)(?:坏|出问题|出故障|掉色|复发|反弹|过敏)`,
	`(?:坏了|出问题|不好用|没效果|无效)[^。！？\n]{0,4}我(?:赔|负责赔|退你|退您|全赔)`,
	`(?:第一品牌|最高级的?品质|顶级品质全网|全网最低|史上最|国家级|全球最(?:好|佳|强)|宇宙第一)`,
}

package risk

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// paymentRules find requests to pay past the platform's own checkout. Naming a
// way to pay is not enough: desks explain bank transfers and Alipay all day.
func paymentRules() []Rule {
	outside := event.Text{
		EN: "This asks for payment outside the platform. Take it out and point the customer to the checkout.",
		ZH: "消息要求在平台外付款。请删除该内容，并引导客户通过平台结算付款。",
	}
	account := event.Text{
		EN: "This gives an account for payment outside the platform. Take it out and point the customer to the checkout.",
		ZH: "消息中含有平台外的收款账户。请删除该内容，并引导客户通过平台结算付款。",
	}
	rules := []Rule{{
		ID: "payment.off_platform", Category: offPlatformPayment, Severity: event.SeverityBlock,
		Phrases: slices.Concat(phrases("payment", "request", "zrequest", "hidden", "zhidden"), cutInTwo(phrases("payment", "cut")...), disguisedWords(phrases("payment", "zdisguised")...)), Patterns: forms("payment"), Unless: slices.Concat(warnings, tills), Allow: unpaidHan, Explanation: outside,
	}, {
		ID: "payment.request", Category: offPlatformPayment, Severity: event.SeverityBlock,
		Detectors: []DetectorUse{{Name: "payment_request"}}, Unless: warnings, Explanation: outside,
	}, {
		ID: "payment.bank_account", Category: offPlatformPayment, Severity: event.SeverityBlock,
		Detectors: []DetectorUse{{Name: "bank_account"}}, Explanation: account,
	}, {
		ID: "payment.hidden", Category: offPlatformPayment, Severity: event.SeverityBlock,
		Detectors: []DetectorUse{{Name: "hidden_payment"}, {Name: "spoken_payment"}}, Unless: warnings, Explanation: outside,
	}}
	for _, p := range []struct {
		id, pattern string
		text        event.Text
	}{
		{"payment.to_person", `(?:send|transfer|wire|pay|deposit|remit)\b[^.!?\n]{0,50}\b(?:to|into|on)\s+(?:my|(?:our|a|this|the following)\s+(?:personal|private))\s+(?:[a-z]+\s+){0,2}(?:account|bank|paypal|venmo|zelle|cash ?app|alipay|card|wallet)`, outside},
		{"payment.by_app", `\b(?:pay|send|transfer|wire|tip)\s+(?:it |the money |the payment |the rest |money )?(?:(?:to )?me|us directly)\b[^.!?\n]{0,30}\b(?:via|by|on|through|with|using|over|in)\s+(?:a |your )?(?:paypal|venmo|zelle|cash ?app|alipay|wechat|revolut|wise|bank transfer|wire|gift cards?|bitcoin|btc|usdt|crypto|western union|moneygram|cash)`, outside},
		{"payment.app_to_me", `\b(?:by|via|with|using|through)\s+(?:paypal|venmo|zelle|cash ?app|alipay|wechat|revolut|wise|wire|bank transfer|western union|moneygram)(?: directly| straight)? to me\b`, outside},
		{"payment.app_account", `\bcash ?(?:app|tag)\W{1,4}\$[a-z][a-z0-9_-]{2,}|\bmy\s+(?:pay ?pal|ven ?mo|zel ?le|cash ?app|cash ?tag|alipay|revolut|iban|bank account|bank details|bitcoin|usdt|crypto)\b(?:\s+(?:wallet|account|id|address|number|email|handle))?\s*(?:is\b|:|=|@|[a-z0-9._$-]*[0-9_$])`, account},
		{"payment.friends", `paypal[^.!?\n]{0,40}friends\s*(?:and|&|n)\s*family|\b(?:as|via|using|choose|select|mark it)\s+(?:the\s+|it\s+)?["']?friends\s*(?:and|&|n)\s*family|friends\s*(?:and|&|n)\s*family["']?\s+(?:payment|transfer|option)`, outside},
		{"payment.outside", `\b(?:pay|paid|payment|deal|trade|order|buy|purchase|settle|transaction|do (?:this|it)|handle (?:this|it))\b[^.!?\n]{0,40}\b(?:outside(?: of)?|off)\s+(?:the |this |our )?(?:platform|app\b|site|website|marketplace|system)`, outside},
		{"payment.not_through", `\b(?:pay|paid|payment|buy|order|purchase|book|deal)\b[^.!?\n]{0,40}\b(?:not|instead of|rather than|without) (?:going )?(?:through|via|on|using) (?:the |this |our )?(?:platform|app|site|website|marketplace|system)\b`, outside},
		{"payment.from_me", `\b(?:buy|order|purchase|book|get it)\b[^.!?\n]{0,20}\b(?:from me directly|directly from me|directly with me|with me directly|straight from me)\b|\b(?:send|pay|do)\s+(?:it |this |that )?(?:as |via |by |through |using )?friends\s*(?:and|&|n)\s*family\b|\bpay\b[^.!?\n]{0,16}\bgift cards?\b[^.!?\n]{0,20}\b(?:send|text|give|share|read)\b`, outside},
		{"payment.quietly_zh", `(?:不要|不用|别|不)走(?:官方)?平台|走(?:微信|支付宝|银行卡|线下|私下)(?:付|转|支付|打款|交易|便宜|更)|线下(?:给|买(?:[^的]|$)|拍|转|便宜|优惠|更便宜)(?:您|你)?|私下(?:里)?(?:给|打折|便宜|优惠|联系|加|聊|沟通|退)(?:您|你)?`, outside},
		{"payment.i_accept", `\bi(?:'ll| can| will| also| only)? (?:take|accept|prefer) (?:paypal|venmo|zelle|cash ?app|alipay|crypto|bitcoin|usdt|gift cards?)\b|\b(?:wire|zelle|venmo|paypal|cashapp|transfer|send) me (?:the |a |some |your |half the |[$€£]?[0-9]+ ?)(?:deposit|money|payment|balance|rest of|remaining|amount|fee|funds|cash|difference|usd|dollars|euros)(?:$|[.!?,;]| (?:to|via|by|through|first|now|directly|before|today|and)\b)|\bpay(?:ing)? outside\b|\b(?:avoid|bypass|circumvent|go around|get around) (?:the|this) (?:platform|app|site|website|marketplace)\b`, outside},
		{"payment.to_me_zh", `(?:直接|用)?微信(?:直接)?(?:发我|转我|打我|付我|发给我)|(?:支付宝|微信)扫我|扫我的?(?:支付宝|微信)|扫(?:这个|这|下面的?|我的?)(?:二维)?码(?:付|转|支付|打款)|用(?:支付宝|微信)转(?:我|给我|过来|[，,。！]|$)|(?:钱|款|定金|订金|尾款|差价|余款|货款)(?:直接)?(?:打|转|汇|付|存)(?:到|给|进|在)?我(?:[^们司店]|$)`, outside},
		{"payment.details", `\b(?:send|give|text|share|message)\s+(?:you |u )?my\s+(?:bank (?:account|details|info)|account (?:details|number)|iban|card (?:number|details)|paypal|venmo|zelle|alipay|payment details)\b`, account},
		{"payment.red_packet_zh", `(?:给我|发我|私下|微信)[^。！？\n]{0,4}(?:发|转|打)?(?:个|我)?红包(?:就|给我|吧|我|即可|[。！，]|$)|(?:我|这边)(?:发|给|传)(?:您|你|一下)?(?:我的)?(?:个)?(?:收款码|收钱码|付款码|收款账号|收款账户)`, outside},
		{"payment.avoid_fee", `\b(?:avoid|skip|save|without|dodge|bypass)\s+(?:on\s+)?(?:the\s+|any\s+|all\s+)?(?:platform|marketplace|app|site|website)(?:'s)?(?:\s+(?:service|booking))?\s+(?:fees?|commission|charges?|cut)`, outside},
		{"payment.crypto", `\b(?:usdt|trc20|erc20|bitcoin|btc)\b[^.!?\n]{0,20}\b(?:wallet|address)\b|\b0x[0-9a-f]{40}\b|\b(?:usdt|trc ?20|erc ?20|bep ?20|btc|eth|bitcoin|ltc|doge|solana|wallet|ton)\b[^.!?\n]{0,16}\b[a-z0-9]{26,62}\b|\bbc1q[a-z0-9]{20,}`, account},
		{"payment.iban", `\biban\b[^a-z0-9\n]{0,4}[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}`, account},
		{"payment.bank_details", `\bsort code\W{0,4}(?:is\W)?[0-9]{2}\W?[0-9]{2}\W?[0-9]{2}\b|\brouting (?:number|no)\W{0,4}(?:is\W)?[0-9]{9}\b`, account},
		{"payment.bank_code", `\bifsc\b(?: code)?(?: is)?[^a-z0-9\n]{0,4}[a-z]{4} ?0 ?[a-z0-9]{6}\b|\bbsb\b(?: is| no| number)?[^a-z0-9\n]{0,4}[0-9]{3}[^a-z0-9\n]{0,3}[0-9]{3}\b|\bsort ?code(?: is)?[^a-z0-9\n]{0,4}[0-9]{2}[^a-z0-9\n]{1,3}[0-9]{2}[^a-z0-9\n]{1,3}[0-9]{2}\b|\bsort(?: is)?[^a-z0-9\n]{0,4}[0-9]{2}[-–][0-9]{2}[-–][0-9]{2}\b|\bpay ?now\b[^.!?\n]{0,24}\buen\b(?: is| no)?[^a-z0-9\n]{0,4}(?:[0-9]{8}|[0-9]{9}|[st][0-9]{2}[a-z]{2}[0-9]{4})[a-z]\b|\buen\b[^.!?\n]{0,20}\bpay ?now\b(?: is)?[^a-z0-9\n]{0,4}(?:[0-9]{8}|[0-9]{9}|[st][0-9]{2}[a-z]{2}[0-9]{4})[a-z]\b`, account},
		{"payment.upi", `[a-z0-9._-]{3,40}@(?:ok(?:hdfcbank|hdfc|icici|sbi|axis)|ybl|ibl|axl|paytm|pt(?:yes|sbi|axis|hdfc)|upi|apl|yapl|rapl|wa(?:icici|hdfcbank|axis|sbi)|icici|sbi|hdfcbank|axisbank|axisb|kotak|idfcbank|idfcfirst|fbl|jupiteraxis|freecharge|airtel|naviaxis|superyes|slice|cnrb|barodampay|pnb|unionbank|federal|rbl|indus|yesbank|yesg)\b(?:[^.a-z]|\.[^a-z]|\.?$)|\bupi\b(?: id)?(?: is)?[^a-z0-9\n]{0,4}[a-z0-9._-]{3,40}(?:@| ?\(at\) ?| ?\[at\] ?| at (?:ok|ybl\b|ibl\b|axl\b|paytm\b|upi\b))[a-z]{0,12}`, account},
		{"payment.app_number", `\b(?:paynow|pay ?lah|gpay|google ?pay|phone ?pe|paytm|bhim|fps|payme|zelle|venmo|bizum|swish|vipps|mobile ?pay|prompt ?pay|gcash|grab ?pay|duitnow|tng|gopay|m-?pesa|kakao ?pay|line ?pay|payid|interac|twint|blik|tikkie|satispay|momo|zalo ?pay|alipay ?hk|mb ?way|touch ?n ?go|转数快|云闪付|街口)(?:al |hk|,|:| |to|on|no|number|num|nr|is|id|me|my|us|at|via|a/c|acct|使用|转|到|给|号码|号|账号|手机|收款|加|搜|打|的|我|本人|俾|入|-|=|#|\(){1,8}` + appNumber, account},
		{"payment.app_name", `\bpay now(?:hk|,|:| |to|on|no|number|num|nr|is|id|me|my|us|at|via|a/c|acct|使用|转|到|给|号码|号|账号|手机|收款|加|搜|打|的|我|本人|俾|入|-|=|#|\(){1,8}(?:\+?65[ -]?)?[3689][0-9]{3}[ -]?[0-9]{4}\b|\b(?:pix key|chave pix)\b[^0-9\n]{0,12}[0-9](?:[ .-]?[0-9]){8,13}\b|\b(?:venmo|revolut|cash ?app|cashtag|monzo|zelle|paypal|wise|kofi)\b(?:,|:| |to|on|is|id|me|my|us|at|tag|handle|user|name|-|=|\(){0,6}[@$][a-z][a-z0-9_-]{2,}`, account},
		{"payment.transfer_zh", `(?:转账|转帐|汇款|打款|打钱|转钱|付款|付钱|支付|红包)[^。！？!?\n发截凭记图]{0,8}?(?:给我|到我|至我|我的(?:卡|账|帐|支付宝|微信|个人|私人|银行|号|收款|二维码)|我个人|我私人|我卡|私人|我微信|我支付宝)(?:[^们司店]|$)|(?:转|打|汇|付)(?:给|到|至|进)我(?:的)?(?:个人|私人|支付宝|微信|银行卡|卡|账户|账号|帐户)`, outside},
		{"payment.direct_zh", `(?:钱|款|定金|订金)(?:直接)?(?:转|打|付|汇)(?:给|到)我(?:[^们司店]|$)|直接(?:转|打|付|汇)(?:账|帐|款|钱)?(?:给|到)?我(?:[^们司店]|$)|(?:微信|支付宝|vx|薇信|银行卡)(?:上)?(?:直接)?(?:转账|转帐|转|付款|付|打|打款|发红包)(?:给|到)?我(?:[^们司店]|$)`, outside},
		{"payment.outside_zh", `(?:不走|不经过|绕过|绕开|避开|脱离|跳过)(?:官方)?平台|(?:不通过|不要通过|不用通过)平台(?:付|交|下|买|支)|(?:平台|站|系统|app)外(?:面)?(?:交易|付款|支付|下单|购买|转账|成交)|(?:私下|私底下|线下|私人)(?:里)?(?:交易|付款|转账|转帐|支付|打款|付|转|汇款|成交|购买|下单)`, outside},
		{"payment.avoid_fee_zh", `(?:省|免|避|不收|不用付)(?:了|去|掉|下|开|免)?(?:平台)(?:的)?(?:手续费|服务费|佣金|抽成|费)`, outside},
		{"payment.account_zh", `(?:我的?|我这边的?|个人|私人)(?:支付宝|收款码|收钱码|收款账户|收款账号|银行卡号|卡号)(?:是|为|:|号|账号|帐号|给你|发你|$)|支付宝(?:账号|帐号|账户|号)?\s?(?:是|为|:)\s?[a-z0-9][a-z0-9@._-]{5,20}|扫(?:一下)?(?:我的?|个人|私人)(?:收款码|收钱码|二维码|码)|支付宝加我|加我支付宝|加(?:我|个)支付宝|(?:开户行|户名|收款人)(?:是[^什哪谁]|为|:)`, account},
	} {
		rules = append(rules, Rule{
			ID: p.id, Category: offPlatformPayment, Severity: event.SeverityBlock,
			Patterns: []string{p.pattern}, Unless: warnings, Explanation: p.text,
		})
	}
	return append(rules, Rule{
		ID: "payment.mention", Category: offPlatformPayment, Severity: event.SeverityMonitor,
		Phrases: []string{"bank transfer", "wire transfer", "paypal", "venmo", "zelle", "cash app", "gift card", "gift cards", "转账", "转帐", "汇款", "支付宝"},
		Explanation: event.Text{
			EN: "This names a way to pay.",
			ZH: "消息中提到了付款方式。",
		},
	})
}

// tills are other ways to pay, which only a checkout takes, before one of a list.
var tills = []string{"cards and", "card and", "cards or", "card or", "cards &", "visa and", "visa or", "mastercard and", "mastercard or", "apple pay and", "银行卡和", "信用卡和", "信用卡、"}

// unpaidHan are what a desk says of cash that nobody is to give, and of words that
// are to be typed.
var unpaidHan = wordsOf(`
	(?:不需要|不用|无需|不必|无须)(?:再|另外|额外)?给(?:安装|送货|上门|维修)?(?:师傅|司机|快递员|小哥|骑手)(?:付)?现金 |
	(?:名字|名称|内容|字|标题|型号|货号|款号|款式|地址|问题|尺码|颜色|品名)打给我[,，。]? | 打字给我[,，。]?`)

// appNumber is the number of an account in an app: in one, in groups of three and more, in
// pairs or digit by digit, as days are not written.
const appNumber = `(?:\+[0-9](?:[ -]?[0-9]){6,13}|[0-9]{5}(?:[ -]?[0-9]){2,9}|[0-9]{4}[ -]?[0-9]{3}(?:[ -]?[0-9]){0,7}|[03-9][0-9]{3}(?:[ -][0-9]{2}){2,4}|[0-9]{3}[ -][0-9](?:[ -]?[0-9]){3,10}|[0-9]{1,2}[ -][0-9]{3}(?:[ -]?[0-9]){3,9}|(?:[0-9]{2}[ -]){2}[0-9]{5,9}|(?:[0-9]{2}[ -]){3,6}[0-9]{1,2}|(?:[0-9] ){6,13}[0-9])\b`

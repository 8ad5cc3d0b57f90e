package risk

// paymentSenses are what requests for money past the checkout are made of.
var paymentSenses = vocabulary{
	// Ways that no shop's checkout takes.
	"odd": `zelle|venmo|cash ?app|western union|money ?gram|bitcoins?|btc|ethereum|usdt|trc20|trc|erc20|tether|crypto|cryptocurrency|dogecoin|litecoin|stablecoins?|paysafe ?cards?|steam cards?|steam codes?|itunes cards?|google play cards?|razer gold|bkash|m-?pesa|payoneer|skrill|neteller|e-?transfer|interac|gcash|paytm|phonepe|mobilepay|true ?money|promptpay|webmoney|qiwi|prepaid cards?|friends (?:and|&|n) family|f ?& ?f|fnf|f and f|hawala|remitly|worldremit|pix|momo|ovo|apple cash|upi|airtime|phone credit|top-?up cards?|scratch cards?|green dot|moneypak|nagad|easypaisa|jazzcash|yape|nequi|bizum|mercado ?pago|wallet address|private wallet`,
	// Those that some take.
	"method": `paypal|ali ?pay|wechat pay|apple pay|google pay|gpay|bank transfer|wire transfer|a wire|wise|revolut|direct deposit|giro|iban|monzo|chime|swish|twint|bank account|account number|bank details|gift cards?|gift vouchers?|vouchers?|in cash|by cash|with cash|cash only`,
	"pay":    `pay(?:ing|s|ment)?|paid|send(?:ing)?|transfer(?:ring|red)?|wir(?:e|ing)|remit|deposit|top ?up|reload|put|drop|slip|settle|tip|move|forward|shoot|zap|pop|throw|hand`,
	"money":  `money|cash|the (?:amount|balance|rest|difference|fee|deposit|payment|shipping|cost|price|sum|total|remainder|funds)|funds|dollars?|euros?|pounds?|bucks|quid|usd|eur|gbp|payment|half`,
	"tome":   `to me|to (?:you|u) (?:personally|directly|privately|direct)|(?:straight|direct|directly) to (?:you|u)|2 (?:u|you|me) (?:personally|directly|privately)|to (?:your|ur) (?:own|personal|private) (?:account|card|paypal|wallet)|to us personally|me directly|us directly|directly to (?:me|him|her|my)|straight to (?:me|him|her|my)|(?:to|into|in|on|onto|with|over|via|by|through|using) (?:my|his|her)(?: own| personal| private)? (?:account|bank|wallet|card|phone|number|paypal|iban|tag|address|pocket|revolut|email|name)|to my|into my|onto my|to (?:the )?(?:courier|technician|repair ?man|installer|mechanic|warehouse guy|delivery (?:guy|man)|rider) (?:directly|himself|herself|personally)|my (?:own|personal|private) (?:account|wallet|card|number|paypal|bank)|my (?:colleague|cousin|brother|sister|wife|husband|friend|mate|buddy|uncle|boss)(?:'s)? (?:account|paypal|card|wallet|bank|number)|to my (?:colleague|cousin|brother|sister|wife|husband|friend|mate|buddy|uncle|boss)`,
	"aside":  `off-?site|off the (?:books|record|platform|app|site)|outside (?:the |this |our |of the |of this )?(?:platform|app|site|website|checkout|shop|store|system)|instead of (?:the )?(?:checkout|paying|card|online)|skip the (?:checkout|platform|site|shop|cart|till)|bypass the (?:checkout|platform|site|shop)|without (?:the )?(?:checkout|platform|site|shop|receipt|invoice|tax|vat|paperwork)|no (?:receipt|invoice|tax|vat|paperwork|questions)|under the (?:table|counter)|privately|on the side|in an envelope|not (?:through|thru|via|over|on) (?:the |your |this )?(?:site|shop|app|platform|checkout|website|store|system)|instead of (?:the |your )?(?:checkout|platform|site|shop|app|website|store)|no (?:platform|middle ?man|checkout|commission|fees?)|(?:around|past|beside|leave out|cut out|forget) the (?:checkout|platform|site|shop|app|marketplace)|between (?:us|ourselves|you and me)|unofficially|nobody in the middle|no middle ?man|no one in the middle|cancel (?:the|your|this) order|i'?ll? cancel|we cancel|behind (?:the|their) back`,
	"cash":   `cash|in notes|paper money|banknotes|hard cash`,
	"tell":   `read (?:it |them |that |out )?(?:to )?me|read me|read us|send (?:it |them |that )?to me|send me|send us|give me|give us|tell me|tell us|tell|text me|text us|share|provide|show me|forward me|message me|type|write|reply with|post|dictate|what(?:'s| is)(?: the| your)?|i need|we need|i'll need|let me have|may i have|can i have|could i have|please|pls|plz|confirm|spell|paste|whisper`,
	"theft":  `cvv2?|c v v|cvc2?|(?:card )?security code|(?:three|3) (?:digits|numbers|figures) (?:on|at|from) the (?:back|reverse)|(?:digits|numbers|code) on the back|card pin|pin code|atm pin|bank pin|(?:your|the|full|whole|complete) card (?:number|details|data)|credit card (?:number|details|data)|debit card (?:number|details)|exp(?:iry|iration)? date|one-?time (?:code|password|pin)|one time (?:code|password|pin)|otp|(?:code|sms|text|number) (?:from|of) your bank|bank (?:code|login|password)|code your bank (?:sent|texted|sends)|(?:online|mobile) banking (?:login|password|details|access|pin)|net ?banking|login of your bank|(?:both|two) sides of (?:your|the) (?:card|credit card|id|passport)|front and back of (?:your|the) (?:card|credit card|id)|your password|your passcode|six[- ]digit code|6[- ]digit code|code you just (?:got|received)|remote (?:access|control)|anydesk|teamviewer|seed phrase|private key|recovery phrase`,
	"card":   `gift ?cards?|steam cards?|itunes cards?|google play cards?|amazon cards?|apple cards?|apple gift|prepaid cards?|paysafe ?cards?|vouchers?|top-?up cards?|scratch cards?|itunes|apple thing`,
	"code":   `the codes?|codes? (?:on|from) (?:it|the|its) ?(?:back)?|its code|scratch|the pin|the numbers|serial numbers?|the digits|photo of (?:it|the card|the code)|picture of (?:it|the card|the code)|on (?:its|the) back|codes`,
	"buy":    `buy|get|purchase|pick up|grab`,
	"safe":   `scams?|scammers?|fraud|fraudsters?|phishing|suspicious|beware|report|never|nobody (?:from|at)|no one (?:from|at)|anyone who|if (?:someone|anyone|somebody|anybody)|someone who|impersonat(?:e|ing|ors?)|we (?:do not|don't|can't|cannot|never)|i (?:can't|cannot|do not|don't)|you (?:can't|cannot|should not|shouldn't|must not)|not (?:supported|accepted|possible|available|offered)|isn't (?:supported|accepted|possible|available|offered)|aren't (?:supported|accepted|possible|available|offered)|unable|refunded to|was refunded|has been refunded|on the checkout page|at checkout|on the payment page|no longer|please don't|do not|don't`,
	"first":  `first|then|before|so (?:that )?i|and i(?:'ll| will)?|and we(?:'ll| will)?|or i|approve|release|unlock|unblock|speed up|priority`,
	"me":     `me|us`,

	"zodd":    `usdt|泰达币|比特币|btc|以太坊|eth|虚拟币|数字货币|加密货币|西联|速汇金|财付通|街口|贝宝|花呗套现|点卡|充值卡|点数卡|购物卡|steam卡|油卡|转数快|payme|line ?pay|亲情付|亲密付|u支付|余额宝|云闪付|数字人民币|电子钱包|paypal|口令红包|q币|礼品卡|京东卡|话费|游戏币|雷蛇|苹果卡`,
	"zmethod": `支付宝|wx|vx|薇信|zfb|微信支付|微信红包|微信|银行卡|网银|对公|对私|现金|现钱|红包|收款码|收钱码|二维码|个人码|付款码|转账|转帐|汇款|打款|打钱|转钱`,
	"zpay":    `打米|打q|打进去|转账|转帐|转给|转到|转我|转过来|转过去|打款|打钱|打到|打给|打过来|汇款|汇到|汇给|汇过来|付款|付给|付到|付钱|付我|支付给|充到|充给|给钱|转账过来|发红包|发个红包|缴费|缴纳|交钱|垫付|先付|先转|先打|先交|俾|扫码付|存到`,
	"zme":     `给我|到我|我卡|我的卡|我个人|我私人|我的支付宝|我支付宝|我微信|我的微信|我的账|我账|我这边的(?:卡|账户|支付宝)|我名下|我同事|我老婆|我老公|我老板|我朋友|我妈|我爸|我哥|我姐|我弟|师傅(?:本人|个人)|他个人|她个人|私人账?户?|个人账?户?|个人码|私人卡|个人卡|我这里|我钱包|我手机号|我码|我的码|我呢度|俾我`,
	"zaside":  `私下|私底下|线下|平台外|场外|站外|店外|不走平台|不走系统|不走店|不经过平台|绕过|绕开|不在平台|不用平台|别在平台|不入账|不进账|不开票|不开发票|不进系统|别走|不走|省手续费|省掉手续费|免手续费|便宜点?给您|取消订单|退掉订单|平台(?:那边|上|里)?(?:取消|退掉|退了|撤)|绕过店铺|不过平台|不通过平台|平台不知道|避开平台`,
	"ztell":   `发我|发给我|告诉我|念给我|念一下|报给我|报一下|拍给我|拍一下|拍照|截图给我|输给我|输一下|说一下|给我看|给我一下|给一下|给我|提供一下|提供给|写给我|发过来|传给我|给到我|背给我|读给我|输入到|回复给我|回复我`,
	"ztheft":  `验证码|动态码|短信码|动态密码|支付密码|交易密码|取款密码|银行卡密码|银行密码|登录密码|密码|卡密|有效期|cvv|cvc|安全码|背面三位|背面那三位|后三位数字|网银密码|网银账号|u盾|身份证正反面|银行卡正反面|银行卡照片|(?:6|六)位数字?|(?:4|四)位码|验证短信|短信里的数字|序列号|序号|卡背面`,
	"zsafe":   `诈骗|骗子|骗局|谨防|请勿|切勿|不要|千万别|冒充|可疑|举报|不会(?:要求|索要|问|让)|不支持|不能|不可以|无法|没有|如果有人|有人(?:让|要|叫)|任何人|不建议|别信|勿|原路|官方渠道|不接受|重置|忘记|修改密码|已经?退|已退|截图|凭证|记录|页面|平台即可|我们平台|门店|专柜|柜台|会员|不用发|分期|步|即可`,
}

// paymentOffences are the combinations of them.
var paymentOffences = []string{
	"odd+pay/40!safe", "odd+tome/40!safe", "odd/26~me!safe", "odd+aside!safe",
	"method+tome/44!safe", "pay+money+tome/70!safe", "pay+tome/50~first!safe",
	"aside+pay+money/70!safe", "aside+pay/50~me!safe", "cash+aside!safe", "aside+method!safe",
	"tell+theft/50!safe", "card+code+tell/90!safe", "buy+card+code/90!safe", "buy+card/70~me!safe",
	"zodd+zpay/36!zsafe", "zodd+zme/36!zsafe", "zodd+zaside/48!zsafe", "zmethod+zpay+zme/48!zsafe", "zmethod+zaside/36!zsafe", "zpay+zaside/48!zsafe",
	"zpay+zme/24!zsafe", "ztell+ztheft/40!zsafe",
}

package risk

// paymentWords ask for money past the checkout: a private way to pay and whom it
// goes to, or what only a thief asks for.
var paymentWords = vocabulary{
	// Ways that no shop's checkout takes.
	"odd":   `zelle|venmo|cash ?app|cashapp|cash tag|western union|money ?gram|bitcoin|btc|ethereum|usdt|trc20|erc20|tether|crypto|cryptocurrency|dogecoin|litecoin|digital coins?|stablecoins?|paysafecard|paysafe card|steam cards?|steam gift cards?|itunes cards?|google play cards?|razer gold|bkash|m-pesa|mpesa|payoneer|skrill|neteller|interac|e-transfer|etransfer|gcash|paytm|phonepe|swish|twint|mobilepay|true ?money|touch ?n ?go|promptpay|revolut|perfect money|webmoney|qiwi|prepaid cards?|friends (?:and|&|n) family|hawala|remitly|worldremit`,
	"means": `<odd>|paypal|alipay|wechat|wise|gpay|google pay|apple pay|bank transfer|wire transfer|wire|direct deposit|direct transfer|gift cards?|vouchers?|cash|bank|card|giro|iban|coins?|notes|paper money`,
	"pay":   `pay|send|transfer|wire|remit|deposit|put|drop|move|tip|hand|give|settle|slip`,
	"me":    `me|us|my|my (?:own |personal |private )?(?:account|number|address|wallet|pot|paypal|alipay|card|email)|the (?:driver|courier|seller|supplier|warehouse|technician|boss|manager|owner|delivery (?:guy|man)|rider)|him|her|my (?:colleague|boss|brother|friend|wife|husband|cousin)`,
	"want":  `accept(?:ed|s|ing)?|take|takes|prefer(?:red)?|only|welcome|works?|is ok|is fine|ok\?|okay|pls|please|preferred|off|discount|instead|gives you|better|lol|possible|also|whatever|now|ready|too|cheaper|instant|faster|no fees|bonus`,
	"id":    `is|are|:|=|->|@|#|no\.?|number|till|account|id|address|name|tag|handle`,
	"tell":  `send|give|tell|read|text|share|forward|show|pass|type|enter|need|message|reply with|photo of|picture of|screenshot of|post`,
	"theft": `cvv|cvc|cvv2|security code|three digits|3 digits|card (?:number|details|data|info|pin)|credit card (?:number|details)|debit card (?:number|details)|expiry date|one-time (?:code|password)|one time (?:code|password|pin)|otp|verification code|code (?:your bank|the bank|from your bank|you (?:just )?(?:got|received))|bank (?:code|login|password|pin)|online banking (?:login|password|pin)|both sides of (?:your|the) (?:card|credit card|debit card|id)|front and back of (?:your|the) (?:card|credit card)|atm pin|pin code|password|gift card codes?|voucher codes?`,
}.forms(
	`\b(?:send|pay|give) me (?:[$€£][0-9]+|[0-9]+ (?:first|dollars|euros|pounds|bucks|quid|usd|eur))\b|\btop up my (?:phone|account|wallet|card)\b|\bmoney\b…\b(?:into|to|onto) my (?:own |private |personal )?(?:bank )?account\b|\bwire half now\b|\btext you (?:his|her|my) account\b|\b(?:wire|transfer|send) (?:it|the money) to our bank account\b…\b(?:skip|save|avoid|no)\b`,
	`\b(?:<odd>) (?:it |the (?:money|rest|fee|amount|shipping fee|deposit|balance)? ?(?:to )?)?(?:me|us|my|to me|to us|him|the)\b`,
	`\b(?:wise|gpay|paypal|alipay|wechat pay|wire|giro|etransfer|payoneer) (?:it (?:to )?)?(?:me|us)\b|\bca\$happ\b|\bgpay (?:to|number|same)\b`,
	`\b(?:<pay>)\b…\b(?:via|through|by|with|using|over|in|on|per)\b ?(?:a |an |the |my |our |your )?(?:<odd>)\b`,
	`\b(?:<pay>)(?: the| a| some| [$€£]?[0-9]+)?…\b(?:to|on|into|in) (?:my|our private|our personal|my colleague's|the driver's|his|her) (?:\w+ )?(?:<means>|account|number|wallet|pot|pocket)\b`,
	`\b(?:we|i|you can|just|also|boss|payment|pay|now|and|or|any|send) (?:\w+ ){0,2}(?:accept(?:ed|s)?|take|takes|prefer|use|send|buy|pay by|pay with|pay in|settle in|in|by) (?:\w+ ){0,2}(?:<odd>)\b`,
	`\b(?:<odd>)\b(?: [a-z]+){0,2} (?:<want>)(?:$|\W)|^(?:<odd>)(?:,| only| or|$)|\b(?:<odd>), (?:pls|please|no|then|and)`,
	`\b(?:upi id|paypal|revolut|venmo|zelle|swish|wise|bkash|gcash|paytm|m-pesa|mpesa|m pesa|alipay|cash ?app|payoneer|skrill|interac|monzo|chime|promptpay|payme)\b ?(?:till |id |number |no\.? |address |account |handle |tag |name )?(?:is |: ?|-> ?|= ?|@ ?|# ?)(?:is )?[a-z.+-]*[0-9@_$][a-z0-9@._$+-]{2,}`,
	`\b(?:m-pesa|mpesa|m pesa|till|upi|bkash|gcash|paytm)\b(?: \w+)? ?(?:till|number|no|id)?\W{0,3}[0-9][0-9 -]{4,}|\b[a-z0-9._-]{3,}@(?:ok(?:icici|axis|sbi|hdfcbank)|paytm|ybl|upi|apl|ibl)\b|\bat ok ?(?:icici|axis|sbi|hdfc)\b|\bchave pix\b|\bpix é\b|\bpague direto\b`,
	`\b(?:bank details|account details|account holder|beneficiary|payee)\b…\b(?:direct|payment|transfer|bic|iban|sort|barclays|chase|hsbc|amount|follows|:|is)\b|\bmy iban\b|\biban follows\b|\bbic\b ?:? ?[a-z]{6}[a-z0-9]{2,5}\b|\bsort c[o0]de\b…[0-9]{2}|\brouting\W{1,4}(?:number )?[0-9]{6,}|\bnew bank account\b|\bour bank (?:account|details) (?:has|have|is|are) (?:changed|new)\b|\bignore the payment details\b|\bsimply transfer\b`,
	`\bbc1[a-z0-9]{20,}|\bt[a-z0-9]{33}\b…(?:usdt|trc|wallet)|\bwallet (?:address|follows|id)\b|\b(?:crypto|btc|eth|usdt|bitcoin|trx) wallet\b|\b[0-9.]+ (?:btc|eth|usdt|trx|bnb|xrp|sol)\b|\bpay(?:ing)? (?:\w+ ){0,3}in (?:crypto|bitcoin|coins)\b`,
	`\b(?:hand|give|slip) the (?:driver|courier|technician|rider|installer) [$€£]?[0-9]+[a-z ]{0,10} and\b`,
	`\b(?:pay|paying|paid|settle|deal)\b…\b(?:in cash|with cash|cash in hand|with notes|in person)\b…\b(?:no (?:receipt|tax|invoice|fees?|vat)|envelope|cheaper|less|directly|instead)\b|\bcash (?:in an envelope|to (?:my |me)|goes|in hand|directly)|\b(?:skip|forget|no) the invoice\b…\bcash\b|\bmoney in an envelope\b|\b(?:green )?paper(?: money)? (?:in an envelope|ok)\b|\bno tax\b…\bcash\b|\bc\.a\.s\.h\b`,
	`\b(?:skip|bypass|avoid|forget|ignore|leave) the (?:checkout|check-out|cart|basket|till|payment page|invoice)\b…\b(?:pay|send|cash|transfer|me|directly|courier|goes)\b|\bnot through the (?:till|checkout|platform|site|shop)\b|\bkeep the platform out\b|\b(?:do|make|arrange) the payment (?:outside|elsewhere|privately|directly)\b|\bpayment outside\b`,
	`\bi'll tell you where the (?:cash|money) goes\b|\bput the money on my\b|\bsend the m[o0]ney\b…\bto (?:me|my|us)\b|\bsend it (?:straight |str8 )?to me d[i1]rectly\b|\b(?:money|m0ney|cash|payment) (?:straight|str8|directly|direct) to (?:me|my|us)\b|\bgoes to my (?:personal|own|private)\b|\ba (?:small )?tip to my\b|\btip (?:me|to my)\b`,
	`\b(?:you (?:must|need to|have to|should|only|just)|please|pls|first|kindly) (?:first )?(?:pay|send|transfer|deposit) (?:a |an |the |us |me )?(?:handling |customs |small |refundable )*(?:small |refundable |processing |security |unlock |release |verification )+(?:handling |customs )?(?:fee|deposit|charge|tax)\b`,
	`\b(?:<tell>) (?:me |us |here |in this chat |over )?(?:the |your |a |both |all |ur )?(?:\w+ ){0,3}?(?:<theft>)\b…\b(?:so|charge|finish|refund|manually|here|chat|please|and i|me|now|i'll|can|complete|pay|card)\b`,
	`\b(?:read|tell|give|send|text) (?:me|us) (?:the |your |a )?(?:\w+ )?(?:code you|code from|code that|code your|cvv|cvc|otp|pin|card number|card details|password|card data)\b|\b(?:your|ur|the) (?:one-time|one time|verification|bank|sms|otp|security|cvv|cvc) (?:code|c0de|password|pin|number) (?:please|pls|to me)\b|\b(?:picture|photo|pic) of both sides\b|\bboth sides of your\b|\bsend your card details\b|\bcharge (?:it|you|your card) manually\b`,
	`\b(?:gift|steam|amazon|itunes|google play|apple|razer|prepaid|paysafe) ?cards?\b…\b(?:codes? (?:here|please|now|to|by|in)|(?:the|its|their) codes?|read me|pin|send me|only|accepted as payment|scratch|as payment)\b|\b(?:buy|get|purchase) (?:a |an |some )?(?:paysafe ?card|steam card|itunes card|amazon gift card|gift card|google play card|prepaid card|voucher)\b…\b(?:send|pin|code|read|photo|me|back)\b|\bgift card code please\b`,
	` (?:upi|eth|doge|fps) (?:id|to|me|pay|only|ok|accepted|transfer|address|wallet)\b|\b(?:send|pay|accept|in) (?:\w+ )?(?:eth|doge|upi|fps)\b`,
	`\b(?:off-site|off site|outside)\b…\bsaves? (?:us|you|both)|\bpaying (?:off-site|off site|outside|directly|me)\b|\bpay by che(?:que|ck)\b|\bche(?:que|ck) to my name\b|\b(?:wire|transfer|send) the (?:deposit|money|amount|balance|rest)\b…\binstead of\b|\binstead of paying (?:at|through|on|via)\b|\bapple cash me\b|\bi need it for the refund\b|\b(?:to )?(?:unlock|unfreeze|release|verify|activate) (?:your|the) (?:account|refund|parcel|order|money)\b…\b(?:pay|send (?:us|me|[$€£0-9])|transfer|deposit|voucher)\b|\bbuy (?:some )?crypto\b|\bswish [0-9]+|\be-?transfer to my\b|\binterac\b…\bmy\b|\bpix (?:key|to me|me|chave)\b`,
	`\bdouble p\b…\bfamily\b|\bfamily (?:option|and friends)\b|\b(?:app|one) that starts with\b|\bfriends option\b`,
	`\b(?:cash ?app|cash-app) ?\$ ?[a-z]+|\bsame number as (?:phone|before|my)\b|\bto same number\b|\bwhatever coins you have\b|\bcoins? preferred\b|\bdigital coins\b`,
	`\b(?:zelle|venmo|cash ?app|western union|moneygram|bitcoin|usdt|crypto|paypal) (?:works|is ok|is better|to|ok|me|only|preferred|friends|accepted|ready|details|please|pls)\b(?: [a-z]+){0,3}(?:for both|to me|of us|goran|only|$|[.!?,])`,
)

// paymentWordsHan is the same in Chinese.
var paymentWordsHan = vocabulary{
	"odd":   `usdt|泰达币|比特币|btc|以太坊|eth|虚拟币|数字货币|西联(?:汇款)?|速汇金|财付通|街口|贝宝|花呗套现|信用卡套现|点卡|充值卡|购物卡|steam卡|油卡|fps|转数快|payme|line ?pay|亲情付|亲密付`,
	"way":   `支付宝|微信|vx|wx|zfb|银行卡|银行|卡|对公|对私|现金|红包|收款码|二维码|网银|<odd>`,
	"pay":   `转账|转帐|转|打款|打钱|打|汇款|汇|付款|付钱|付|支付|交|给|充|存|发`,
	"me":    `给我|我的|我个人|我私人|我卡|到我|我账|我同事|我老板|我老公|我老婆|财务个人|个人账?户?|私人账?户?|师傅|快递员?|司机|安装师傅|上门师傅|小哥`,
	"tell":  `发我|发给我|告诉我|给我|报我|报给我|念给我|拍给我|截图给我|提供给我|说一下|发一下|拍照|给到我|报一下|拍一下|发过来`,
	"theft": `验证码|动态码|短信码|支付密码|交易密码|取款密码|银行卡密码|卡密|卡号和|卡号[^。！？\n]{0,3}有效期|卡(?:的)?有效期|cvv|cvc|安全码|背面三位|后三位|三位数|网银密码|u盾|身份证正反面|银行卡正反面|银行卡照片|[6六]位数字?(?:的)?(?:验证|短信|码|密码)`,
}.forms(
	`\b(?:alipay|paypal|usdt|trc20|trc)(?:的)?(?:账号|帐号|账户|地址)`,
	`(?:蓝色|绿色|蓝的|绿的)(?:那个)?(?:软件|app)[^。！？\n]{0,4}(?:转|付)`,
	`加我(?:微信)?(?:转账|付款|转钱)|(?:速汇金|西联|usdt|比特币|泰达币)(?:也|都)?(?:行|可以)(?:[，。,！!的哦]|$)|扫(?:他|她|师傅)的?(?:个人|私人)码|转我的?(?:招行|工行|建行|农行|中行)?卡|不想(?:用|走)平台(?:支付|付款|付)`,
	`(?:支付宝|zfb|微信|paypal|银行卡|财付通|街口(?:付|支付)?|现金|红包|差价|运费|尾款|余款|定金|订金|货款|补差|保证金|手续费|押金|税费)[^。！？\n]{0,8}(?:转|打|付|发|汇|交|给)(?:到|给|进|至|过来)?(?:我(?:[^们司店]|$)|过来|我个人|个人|私人)`,
	`(?:转|打|汇|付|存|交|充|转回)(?:款|账|帐|钱)?(?:到|给|进|至|回)?(?:我|他|她)(?:的|家)?(?:个人|私人|私|同事|老板|老公|老婆|农行|工行|建行|招行|中行|号|那张)?(?:卡|支付宝|银行卡|账户|账号|账|收款码|paypal|号)?(?:$|[，。,！! 上里名就])`,
	`(?:转|打|汇|充|付)(?:款|账|帐|钱)?(?:到|给|进|至)[^。！？\n]{0,4}?(?:个人|私人|私|同事|老板|厂家)(?:的)?(?:私人|个人)?(?:卡|账|支付宝|银行卡|微信|收款)|(?:q币|点券)[^。！？\n]{0,4}(?:充|转|给)[^。！？\n]{0,2}我|现金交易|给现金|给师傅[^。！？\n]{0,6}现金|不[进入]系统|不开(?:发)?票[^。！？\n]{0,4}(?:便宜|优惠|现金|少)|给我(?:充|买|转)?(?:话费|点卡|油卡|q币)|(?:解冻|解封|激活|提现)[^。！？\n]{0,6}(?:转账|打款|付款|缴)[0-9]`,
	`(?:打款|转账|转款|汇款|付款|转钱|打钱|打)(?:到|至|给|进)(?:支付宝|zfb|微信|银行卡|卡|这个账户|这个账号|以下账|下面账|此账|新账|新的账|这个卡|他|同事)`,
	`(?:支付宝|zfb|yhk|银行卡|收款|对公|收款人|开户|微信)(?:账号|帐号|账户|号|名|行|人)?[ :：,，是为]{1,3}(?:[a-z0-9@._-]{5,20}|[^。！？\n]{0,6}(?:银行|工行|建行|农行|招行|中行|交行|转完|备注))`,
	`(?:收款人|户名|开户行|账户名|招行|工行|建行|农行|中行|交行|建设银行|工商银行|农业银行|招商银行)[ ,，:：]?[^。！？\n]{0,6}(?:转完|截图|转|打款|汇款|卡号|账号|尾号|备注|张|李|王|陈|刘)|对公账户(?:变|换|改)了?|对公以外|账户在审计|新(?:的)?(?:收款)?账[户号][^。！？\n]{0,6}(?:转|打|付|招行|工行)|银行卡转(?:$|[，。,！! 给])`,
	`(?:转|付|打)完(?:账|款|钱)?(?:了)?(?:之后|后)?(?:把)?(?:截图|图|凭证|记录)(?:发|给)?(?:我|过来)?|转错了[^。！？\n]{0,12}(?:转回|退回|打回)`,
	`(?:<odd>)[^。！？\n]{0,6}(?:付|收|转|支持|给我|发我|汇|交易|结算|打|(?:密码|卡密)(?:给|发|拍|告诉|报|念|就)|拍给|抵|充(?:[^错值]|$)|开一下|返)|(?:付|收|转|用|走|支持|只收|也收|可收)(?:一下)?(?:<odd>)`,
	`(?:现金|现钱|人民币|软妹币|毛爷爷|钱)(?:直接|当面|就)?(?:给|付给|交给|递给)我(?:[^们]|$)|付现给我|毛爷爷当面|软妹币|pos机[^。！？\n]{0,8}(?:上门|刷|带)|(?:刷|用)我的?pos`,
	`(?:<theft>)[^。！？\n]{0,8}(?:<tell>)|(?:<tell>)[^。！？\n]{0,4}(?:验证码|支付密码|卡密|cvv|安全码|背面三位)|(?:需要|要|提供|输入|说|报)(?:一下)?(?:您|你)的?(?:支付密码|银行卡密码|验证码|动态码|网银|取款密码)|(?:把|将)(?:银行卡|信用卡|身份证|卡)(?:正反面|号|照片|密码)?[^。！？\n]{0,8}(?:拍给|发给|发我|给我|告诉我|拍照)|卡背面(?:的)?三位|(?:共享|分享)(?:一下)?(?:您|你)?的?屏幕|屏幕共享|网银登[录陆][^。！？\n]{0,8}(?:我|操作|共享)|远程(?:刷卡|操作|控制)[^。！？\n]{0,8}(?:卡|给我|钱)|cvv ?那三个|那三个数字`,
	`不(?:要|用)?在(?:店|平台|这|店铺|系统)(?:里|内|上)?(?:拍|付|买(?:[^的过]|$)|下单|支付)|不走(?:pt|平台|店铺|系统|官方|链接)(?:付|买|支付|交易|,|，|$)|(?:出了?|离开|脱离)(?:店|平台|系统)(?:再)?(?:付|转|给|支付)|走我(?:个人|自己|私人)的|别走(?:它|平台|店铺|官方|系统)|直接(?:给我|转我|打给我)(?:打|转|付)?(?:钱|款|账)|平台外(?:付|支付|转|买|交易|打款)`,
	`(?:先)?(?:交|付|转|打)(?:一笔|一点|点|个)?[0-9一二三四五六七八九十百]{0,12}(?:元|块)?(?:的)?(?:保证金|手续费|解冻费|税费|押金|激活费|验证金|刷流水)[^。！？\n]{0,12}(?:才|再|账户|到|退|解冻|放款)|退款要先交|(?:刷|补)(?:一下)?流水`,
	`(?:您|你)先确认收货[^。！？\n]{0,10}(?:退|转|返|微信|支付宝|私下)|(?:套现|刷单|垫付货款|垫付佣金)[^。！？\n]{0,8}(?:可以|返|给您|给你|做)|(?:扫|识别)(?:一下)?(?:我的?|图里的?|图片)(?:收款|付款|付钱|收钱|二维)码|(?:付钱|收钱|收款)码[^。！？\n]{0,6}(?:识别|扫|发|图)|扫马付|扫码(?:付|转|支付)?(?:给)?我`,
	`(?:红包|🧧)[^。！？\n]{0,4}(?:发我|给我|转我|加急|[0-9.]+)|(?:发|给|转)我(?:个|一个|[0-9.]+)?(?:元|块)?(?:的)?(?:红包|🧧)`,
	`(?:支付宝|微信|zfb|wx|vx|银行卡|私人|个人)(?:转|付|打)(?:我|给我)(?:个人|私人|就行|即可|吧|$|[，。,！!])|我转付支宝|转张给我|(?:转|付|打)(?:给|到|至)?(?:街口|jkos|财付通)`,
)

package risk

// promiseSenses are what promises that nobody can keep are made of.
var promiseSenses = vocabulary{
	"oath":    `i guarantee|i(?: can|'ll| will| do| hereby)? (?:personally )?(?:guarantee|promise|swear|assure|vow|bet)|we(?: can|'ll| will| all)? (?:personally )?(?:guarantee|promise|swear|assure)|my word|i'm telling you|guaranteed|guarantees|100 ?%|1oo ?%|l00 ?%|100 percent|hundred percent|hundred per cent|for sure|for certain|for a fact|certain(?:ly)?|definitely|absolutely certain|without (?:a )?(?:fail|doubt|question)|no doubt|trust me|count on it|mark my words|there's no way|there is no way|no chance|bet my (?:job|life|house)|rest assured|no risk|zero risk|i'll make sure|i will make sure|i'll make an exception|cross my heart|always works|never fails|no exceptions`,
	"swear":   `100 percent|hundred percent|zero risk|no risk|i guarantee it|no questions|i swear|we swear|i vow|my word|you have my word|i bet my|bet my|cross my heart|i(?: can| do|'ll| will)? (?:personally )?guarantee|we (?:can |all |personally )?guarantee|guaranteed|i promise you|i can promise|i assure you|mark my words|100 ?%|a hundred per ?cent|trust me|on my (?:life|mother|kids|honou?r)|for sure`,
	"matter":  `impossible that|impossible to|any eye disease|customs stops|every penny|every cent|melts|burns fat|side effects|makes everyone|everyone rich|next month|double(?:s|d)?|triple|kilos|pounds in|in a week|no side effects|don't exist|goes through|gets? rejected|never (?:rejected|breaks?|fails?)|whatever the terms|whatever the|refund(?:ed|s)?|compensat(?:e|ed|ion)|money back|tenfold|ten times|(?:2|3|5|10)x|sell out|sold out|won't be (?:cancelled|canceled|delayed|late|charged|refused|rejected|returned|noticed)|will not be (?:cancelled|delayed|charged|rejected)|without worries|approved|accepted|cured?|heals?|profits?|never|always|forever|free of charge|for free|full price|any damage|safe investment|earn|pass(?:es|ed)?|succeed|results?|works? (?:for|every|on)|disappears?|gone|grow back|lose (?:weight|[0-9])|rich`,
	"vow":     `i swear|we swear|i vow|my word|i bet my|bet my|cross my heart|mark my words|on my (?:life|mother|kids|honou?r)|i promise you|trust me`,
	"arrival": `delivered|delivery|arrives?|be there|on time|reach(?:es)? you`,
	"policy":  `days to return|[0-9] days|policy|within|noon|option|courier|terms|express|can't|cannot|not|unable|sorry|if|whether|manufacturer|price match|may|might`,
	"double":  `refund double|double refund|pay (?:you )?double|refund twice|triple refund|refund triple|twice your money|double your money back|ten times|tenfold`,
	"always":  `always|no questions|not happy|unhappy|if (?:you're|you are) not|whatever|otherwise|any time|guaranteed?|ever`,
	"stars":   `(?:five|5)[ -]?stars?|(?:positive|good|great|nice|top|glowing|honest five star) (?:review|rating|feedback|comment)s?|(?:change|edit|delete|remove|update|withdraw|take down|improve|revise) (?:your|the|that|this) (?:bad |negative |one[ -]star |1[ -]star |poor |low )?(?:review|rating|feedback|comment|stars?)|thumbs up review|star rating`,
	"reward":  `(?:send|give|refund|pay|return|transfer|offer|ship|gift|credit) (?:you|u|back)|cash ?back|dollars? back|euros? back|pounds? back|money back|gift card|voucher|coupon|discount code|free (?:gift|item|product|sample|bottle|month)|bonus|reward|get (?:your money|a gift|a refund|[0-9$€£])|earn|in return|in exchange|thank-?you gift|[$€£](?:5|10|15|20|25|30|50|100)`,
	"warrant": `lifetime (?:warranty|guarantee|replacement|refund)|forever (?:warranty|guarantee)|(?:warranty|guarantee) (?:for life|forever|for ever|without (?:any )?(?:limits?|conditions?))|replaced? (?:it )?(?:for ?ever|for life|always)|unlimited (?:warranty|replacements?|refunds?|returns?)`,
	"abuses":  `whatever (?:you do|happens)|no matter (?:what|how)|even if you (?:break|drop|lose|smash|damage)|on everything|any (?:damage|reason)|no questions|drop it|smash it|run (?:it )?over|drown it|covers? everything`,
	"refund":  `(?:full |complete |total |double |triple |unlimited |instant )?refunds?|be refunded|get refunded|your money(?: back)?|money back|take it back|compensation|compensated|cash ?back|reimburse(?:d|ment)?`,
	"regard":  `no matter(?: what)?|whatever|regardless|even if|even without|even after|even used|anyway|any ?time|bank or no bank|ignore (?:the|that)|forget (?:the|about the)|never mind the|against (?:the|our) (?:policy|rules)|outside the (?:policy|window)|after (?:two|three|five|ten|[2-9]|10) years?|no receipt|without (?:a |the )?receipt|damaged|used|worn|nobody else gets|unlimited|forever|for life|for ever|system says|i've already decided|whatever the|(?:7|14|30|60)-day rule|policy or not|rules or not|on top|twice|double|triple`,
	"outcome": `(?:the|a|your) (?:win|dispute|claim|loan|visa|case|chargeback|application|appeal)|(?:gets?|be|is|get) (?:approved|accepted|granted|cured|healed)|job offer|pregnan(?:t|cy)|a win|the win|jackpot|lottery|exam|admission|profits?|returns? of|double your|doubles?|triples?|get rich|millionaire|income|weight loss|lose weight|number one|no ?\. ?1|best (?:in the|product in the) world|price will never|never (?:drop|fall|go down|break|fail|fade|be ill|be sick|lose)|blood pressure|diabetes|cancer|acne|eczema|hair loss|wrinkles|pain|arthritis|snoring|insomnia|allerg(?:y|ies)|cures?|cured|heals?|healed|(?:normal|gone|fixed) forever|forever normal|younger|taller|boy or girl|a boy|a girl|interest rate`,
	"person":  `you|your|it|everyone|everybody|anyone|customers?|our|all`,
	"dont":    `don't|do not|never|can't|cannot|not allowed|no reward|against|without (?:any )?(?:reward|incentive)|honest|whatever you think|thank you for|thanks for|policy|not offer|no matter`,
	"zever":   `终身|永久|一辈子|无条件|全国|必达|都给|全都|统统|一律|百分百|我出|我们出|我承诺`,
	"safe":    `can't|cannot|can not|unable|not able|couldn't|don't|do not|unfortunately|sorry|whether|might|hope|look into|within [1-9]|[0-9] days|days to return|eligible|warranty|manufacturer|business days|as soon|apologi[sz]e|best price|no guarantee|not guaranteed|isn't guaranteed|aren't guaranteed`,

	"zoath":     `百分之一百|人格保证|以人格|双倍退|保证|承诺|打包票|担保|百分百|百分之百|100%|1oo%|l00%|1o0%|10o%|铁定|板上钉钉|发誓|拍胸脯|准保|保准|妥妥|绝对|肯定|必定|包您|包你|我说了算|放一百个心|您放心|不骗您|无条件|内部安排|内部有人|我有关系`,
	"zstar":     `五星|5星|好评|差评|晒图|评价|追评|全五星`,
	"zgift":     `返您|返你|返现|红包|现金|送您(?:[0-9]|一|二|三|五|十)|退您(?:[0-9]|一|二|三|五|十)|领(?:[0-9]|一|二|三|五|十)|奖励|补偿您|给您(?:[0-9]|一|二|三|五|十)`,
	"zagreed":   `价保|保价|吗|不能|不会|不支持|没有|申请|差价`,
	"zquiet":    `吗|不能|不会|不支持|不允许|禁止|违规|没有|拒绝|不给|自愿|不做|之前|谢谢|感谢|不要`,
	"zgain":     `翻一倍|涨一倍|翻两倍|翻番|暴涨|涨停|稳拿|稳赚|必赚|绝不亏|不亏|保赚|包赚|躺赚|翻倍|稳得|每月拿|月月拿|每天返|日返|月返|回报率|只赚不赔`,
	"zput":      `股票|这支股|这只股|股|币|基金|彩票|投|本金|入股|买入|充值|理财|跟着|进群|项目|存`,
	"zcheapest": `全网最便宜|全网最低|最低价|买贵了?|贵了`,
	"zpayback":  `赔|退差|百倍|一百倍|十倍|双倍|保证|包退`,
	"zrefund":   `免单|换新|必达|准时达|质保|保修|全额赔|倒贴|全额退款?|退全款|退款|退钱|随便退|随时退|包退|包换|包赔|赔您?|赔付|理赔|退货|到账|补偿`,
	"zregard":   `怎么摔|怎么用|随便摔|随便用|晚一分钟|晚到|晚一天|迟到|摔坏|人为|丢了也|碎了也|任何情况|什么情况|所有费用|不管|不论|无论|无条件|随便|终身|永久|一辈子|一年内|三年内|过期|用过|用坏|坏了|违反|规定|就算|哪怕|即使|什么原因|任何原因|任何理由|银行不退|我退|我赔|三倍|双倍|十倍|百倍|秒到|马上|立刻|一小时内|今天|当天|明天|能批|下来`,
	"zoutcome":  `年轻十岁|年轻几岁|年轻好几岁|翻一倍|涨一倍|退到账|到账|考上|重点|能办下来|办下来|办不下来|打赢|不会坏|不过敏|不会过敏|包断根|治好|治愈|痊愈|断根|除根|根治|见效|不复发|不再疼|不反弹|不用看医生|不用吃药|怀孕|生男孩?|生女孩?|生儿子|长高|摘镜|瘦|赚|盈利|翻倍|涨|中奖|一定中|抽中|录取|保过|通过|上岸|下款|批贷|能批|批下来|拿证|成功|赢|回本|有效|见好|变白|变年轻|最好|第一|最低|不掉价|不降价|升值|保值`,
	"zdisease":  `糖尿病|高血压|血压|血糖|近视|癌|脱发|掉发|白发|鼻炎|痛风|失眠|痘|斑|湿疹|风湿|颈椎|腰椎|关节|咳嗽|胃病|牛皮癣|脚气|疼|痛|病`,
	"zcured":    `根除|断根|除根|痊愈|治好|治愈|根治|一贴就好|一次就好|喝了就好|吃了就好|用了就好|就好了?|永不|再也不|再不|永远不|消失|告别|正常了|全好`,
	"zsafe":     `不能保证|无法保证|不保证|无法|没法|不能|不敢|不会|尽量|尽快|如果|是否|可能|希望|预计|一般|正常|工作日|核实|申请|政策|按照|根据|审核|吗|正品|质量|七天无理由|不支持|抱歉|麻烦|建议|医生|咨询`,
	"zmyself":   `我赔|我个人赔|我自己赔|我来赔|我赔您|我赔你|我包赔|我掏钱|我私人赔|我自掏腰包|我倒贴`,
	"zfails":    `到不了|晚到|送不到|不好用|没用|没效果|坏了|不满意|不行|掉色|过敏|不灵|有问题|丢了|迟到`,
}

// promiseOffences are the combinations of them.
var promiseOffences = []string{
	"double+always/70!policy", "swear+matter/60!policy", "vow+matter/60!safe", "vow+arrival/60!safe", "stars+reward/80!dont", "warrant+abuses/60!safe", "zstar+zgift/36!zquiet", "zgain+zput/48!zsafe", "zcheapest+zpayback/36!zagreed", "zrefund+zregard+zever/60!zsafe",
	"oath+refund+regard/110!safe", "oath+outcome/60!safe",
	"zoath+zrefund+zregard/60!zsafe", "zoath+zoutcome/30!zsafe", "zdisease+zcured/36!zsafe",
	"zmyself+zfails/40!zquiet",
}

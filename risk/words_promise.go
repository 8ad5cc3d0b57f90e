package risk

// promiseWords are what a desk can give its word for and nobody can keep: an
// assurance and what is assured, in either order.
var promiseWords = vocabulary{
	"sure":    `guarantee(?:d|s)?|promised?|i swear|we swear|i vow|we vow|swear on|my word|you have my word|i assure|we assure|assured?|i bet|bet my job|for sure|for certain|100 ?%|100 percent|hundred percent|hundred per cent|without fail|no doubt|definitely|certainly|absolutely|certain|trust me|rest assured|no exceptions|count on it|mark my words|done deal|without question|in any case|no matter what|impossible`,
	"oath":    `i (?:personally )?(?:guarantee|promise|swear|vow|bet)|we (?:all |personally )?(?:guarantee|promise|swear|vow|assure)|i can (?:guarantee|promise)|we can (?:guarantee|promise)|you(?: have|'ve) my (?:word|guarantee|promise)|my guarantee|sure thing|i give you my word|that's a promise|that is a promise|promise\.|guaranteed|100 ?%|100 percent|(?:one|a) hundred per ?cent|absolutely certain|i assure you|we assure you|bet my job|trust me|rest assured|mark my words|done deal|for sure`,
	"money":   `(?:full |complete |total |double |triple |instant |immediate )?refund(?:ed)?|money[ -]back|your money|compensation|compensated|paid (?:back|twice|double)|pay (?:you )?(?:double|twice)|free replacement|sofa is free|it(?:'s| is) free|cash back|every cent|every penny|waive(?:d)? (?:every|all|any)`,
	"regard":  `no matter|even (?:if|without|though|after|used|when)|whatever|regardless|always|any ?time|whenever|anyway|against the (?:policy|rules)|without (?:the )?(?:policy|conditions?|conditions|return|sending)|outside (?:the )?(?:policy|window)|after the (?:return )?(?:window|deadline)|keep the (?:item|product|goods)|trust me|for sure|for life|in any case|plus [0-9$€£]+|on top|no questions|a promise|within the hour|today|100 ?%|done deal|definitely|i swear|i vow|my word|my guarantee|airline|whatever|every cent|every penny`,
	"cure":    `cures?|cured|heals?|healed|recover(?:s|ed)? from|never be (?:ill|sick) again|never (?:get|fall) (?:ill|sick)|regrow|grow(?:s|ing)? back|hair growth|beats? hair loss|hair loss|lose [0-9]+|weight loss|flawless|wrinkle[- ]free|younger|fix(?:es)? your|eliminates? (?:all|any)|gets? rid of (?:all|any)`,
	"profit":  `profits?|returns?|interest|income|earnings?|dividend|principal|capital|investment|money|yield`,
	"certain": `guaranteed?|certain|certainly|risk[ -]free|zero[ -]risk|no risk|without risk|protected|100 ?%|hundred per ?cent|double|for sure|definitely|promised?|assured|safe|fixed|always`,
	"arrive":  `arrives?|delivered|delivery|be there|get it|reach(?:es)? you|on your doorstep|ship(?:s|ped)?`,
	"forfeit": `or (?:i|we)(?:'ll| will)? (?:pay|refund|give)|or (?:it's|it is|you get it|your order is) free|otherwise|or your money back|from my (?:own )?pocket|i swear|swear|my word|bet my job|anywhere in the world|no matter what|cross my heart`,
	"success": `success(?:ful)?|win|winner|pass(?:ed)?|results?|effective|approval|approved|satisfied|satisfaction|admission|accepted|visa|jackpot|prize`,
	"never":   `never (?:break|breaks|fail|fails|fade|fades|wear|wears|scratch|rust|leak|tear|die|lose|be charged|charge|get caught)|unbreakable|indestructible|cannot break|can't break|impossible (?:that it breaks|to break|to damage)|lasts? (?:for ?ever|a lifetime|all your life)|(?:nobody|no one|no-one) (?:will|can) (?:ever )?(?:charge|find out|notice|check|ask)|no (?:customs|duties|taxes) (?:ever|at all)|free (?:returns?|repairs?|replacement|service)[^.!?\n]{0,12}(?:for life|for ?ever|lifetime)|lifetime free`,
}.forms(
	`\b(?:<oath>)\b…\b(?:<money>)\b…\b(?:<regard>)\b`,
	`\b(?:<money>)\b…\b(?:<oath>)\b…\b(?:trust me|promise|plus|on top|swear|no matter|even|100 ?%|for sure|regardless|sure)\b`,
	`\b(?:i|we)(?:'ll| will|'m|'re| am| are) (?:\w+ )?(?:refund(?:ing)?|authori[sz](?:e|ing)|giv(?:e|ing))\b…\b(?:anyway|triple|double|without the|regardless|no matter|even after|even if|even used|for sure|100 ?%|against the|outside the)\b`,
	`\b(?:don't|do not|never mind|ignore|forget) (?:read |about |worry about )?the (?:terms|policy|rules|conditions)\b…\brefund`,
	`\byou(?:'ll| will) (?:definitely|certainly|surely|absolutely|100 ?%|for sure|always|without fail) (?:receive|get|be|have) (?:a |your |the )?(?:full |complete )?(?:refund|money|compensat)`,
	`\b(?:refund|money back|compensation)(?:'s| is| will be)? (?:a )?(?:done deal|certain|100 ?%|guaranteed? (?:plus|[0-9]|no matter|trust|today))`,
	`\b(?:100 ?%|hundred per ?cent) (?:refund|money back|cashback) (?:guaranteed?|promised?|assured)\b`,
	`\bmoney back guaranteed? plus\b|\bfull refund (?:\+|and|plus) keep\b`,
	`\bi (?:swear|vow|bet|give you my word|guarantee|promise)\b…\b(?:be |get |are )?(?:refunded|refund|delivered|compensated|arrives?)\b(?:…\b(?:within the hour|today|guaranteed|tomorrow|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|otherwise)|)`,
	`\b(?:return|send) it (?:back )?(?:whenever|any ?time)\b…\b(?:even|used|years?|forever)\b`,
	`\b(?:<arrive>)\b…\b(?:tomorrow|today|in [0-9]+ hours?|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|anywhere)\b…\b(?:<forfeit>)\b`,
	`\b(?:i swear|i vow|i bet|cross my heart|absolutely certain|100 ?%|i give you my word|you have my word)\b…\b(?:<arrive>)\b`,
	`\b(?:cure[ds]?|healed|fixed|recover)\b…\bor (?:it's|it is|your money)\b`,
	`\b(?:will|can|would|to|are|is|you'll|it'll|this|they|and|it)\b ?(?:\w+ ){0,2}(?:cures?|heals?) (?:everything|anything|all|any|every|cancer|covid|diabetes)\b`,
	`\b(?:<oath>|certain to|definitely|certainly)\b…\b(?:<cure>)\b`,
	`\b(?:<cure>)\b…\b(?:guaranteed|i swear|i promise|we promise|100 ?%|bet my job|no exceptions|in (?:a|one|two|three|[0-9]+) (?:days?|weeks?)(?: or)?|with(?:in)? (?:a|one|two|three|[0-9]+) (?:days?|weeks?))\b`,
	`\byou(?:'ll| will) never (?:be|get|fall) (?:ill|sick|tired|fat|old|bald)\b`,
	`\byou(?:'re| are) (?:certain|sure|guaranteed|bound) to (?:recover|win|pass|earn|profit|lose weight|get|heal|succeed|be cured)\b`,
	`\b(?:your|the) (?:skin|hair|pain|acne|wrinkles?|scars?|diabetes|allergy|back pain)\b…\b(?:will|is going to) (?:be (?:flawless|gone|cured|healed|perfect)|vanish|disappear|grow back|heal)\b…\b(?:by|within|in|bet|guaranteed|promise|swear)\b`,
	`\b(?:<certain>)[ ,-]{1,2}(?:\w+ ){0,2}(?:<profit>)\b…\b(?:guaranteed|protected|risk|certain|double|hundred|100 ?%|promised?)\b|\b(?:<profit>) (?:is |are |will be )?(?:guaranteed|protected|certain|risk[ -]free|assured)\b`,
	`\b(?:zero|no) risk\b…\b(?:100 ?%|hundred|returns? (?:of|on)|high returns?|profit|guarantee)|\brisk[ -]free (?:investment|income|profit|return|trading)`,
	`\b(?:made|make|making) (?:a )?profit\b…\b(?:you will too|certainly|guaranteed|definitely|everyone|always)\b`,
	`\b(?:certain|sure|guaranteed) to pass\b|\bpass the exam\b…\b(?:guarantee|or we pay|certain|promise)|\b(?:or|get) (?:we |i )?pa(?:y|id) (?:you )?(?:double|twice|triple)\b`,
	`\b(?:<oath>)\b…\b(?:<success>)\b…\b(?:or|rate|twice|double|100 ?%|hundred)\b|\b(?:100 ?%|hundred per ?cent) (?:success|pass|win|approval) ?(?:rate)?\b`,
	`\b(?:<oath>)\b…\b(?:airline|customs|bank|insurance|seller)…\brefund|\b(?:get|have) (?:your|the) (?:cash|money|refund) back\b…\b(?:against|regardless|even|whatever)|\b(?:you )?get (?:the|your) refund\b…\bwhatever\b|\bevery (?:cent|penny)\b…\b(?:guarantee|promise|swear)|\bi guarantee you get\b|\bwaive (?:every|all) fees?\b`,
	`\b(?:every|all|any|your) (?:allerg\w+|pains?|diseases?|wrinkles?|spots?|scars?|acne|fat|grey hair) (?:will )?(?:disappears?|vanish(?:es)?|(?:is|are|be) gone)\b|\bkills? (?:all )?(?:cancer|tumou?rs?|covid|the virus)\b|\b(?:cures?|heals?|removes?|fixes) (?:\w+ ){1,3}(?:for good|permanently|forever|for ever|overnight)\b|\b(?:permanently|instantly) (?:cures?|heals?|removes?|erases?) |\b(?:was|is|are) gone for good\b|\bworks for (?:everybody|everyone)\b…\b(?:100|percent|guarantee)|\b[0-9]+ ?cm taller\b|\bgrows? [0-9]+ ?(?:cm|inches)\b…\b(?:taller|promise|guarantee)`,
	`\b(?:earn|make|get) (?:at least |up to |over )?[$€£]?[0-9][0-9,.]*(?: dollars| euros| usd| bucks)? (?:per|a|every|each) (?:day|week|month|hour)\b|\binvest [$€£]?[0-9][0-9,.]*…\b(?:have|get|make|become|receive)\b|\b(?:stocks?|shares?|coins?|price|value|bitcoin) (?:will|is going to|must|can only) (?:go up|rise|double|triple|soar|increase|explode)\b|\bdoubles? your (?:money|investment|savings)\b`,
	`\bthis will (?:100 ?%|definitely|certainly|absolutely) (?:fix|solve|cure|repair|work)\b`,
	`\b(?:<oath>)\b…\b(?:<never>)\b|\b(?:<never>)\b…\b(?:promise|guaranteed|swear)\b|\bimpossible that it breaks\b|\bfree returns for life\b`,
	`\b(?:fda|doctor|clinically|medically)[- ]?(?:proof|proven|approved)?\b…\bcures?\b`,
)

// promiseWordsHan is the same in Chinese.
var promiseWordsHan = vocabulary{
	"sure":   `保证|承诺|我保|包|担保|打包票|百分百|百分之百|百分之一百|100%|一定|肯定|绝对|必定|铁定|稳|板上钉钉|放心|发誓|拍胸脯|必|准保|保准|妥妥|无条件|不论原因|不管什么原因|不问原因`,
	"oath":   `保证|承诺|担保|打包票|百分百|百分之百|百分之一百|100%|铁定|板上钉钉|发誓|拍胸脯|准保|保准|妥妥的?|无条件|我保|我私自|绝对`,
	"refund": `退款|全额退|退全款|退钱|退(?:您|你|给您|给你)|赔(?:三倍|双倍|十倍|一万|您|你|付)|免单|包退|随时退|赔三倍|双倍赔`,
	"cure":   `治愈|治好|根治|断根|除根|见效|痊愈|恢复正常|不复发|不反弹|长出来|长高|摘镜|恢复(?:视力|到)|生发|祛斑|美白|瘦|抗癌|防癌|降血压|降血糖|比医院|药效|有效|效果`,
	"win":    `赚|翻倍|盈利|收益|返利|回本|中奖|涨(?:停|三倍|十倍|价)|获利|暴富|分红|本金|保本|下款|放款|批贷|录取|保过|包过|过关|通过考试|拿证|上岸|成功|入职|签证`,
}.forms(
	`(?:<oath>)…(?:<refund>)…(?:不管|不论|不看|无论|规定|条件|理由|原因|过期|违反|也给|也退|系统|今天|当天|马上|秒|百分|放心|双倍|三倍|绝对|保证|铁定)`,
	`(?:不管|不论|不看|无论|违反|就算|哪怕|即使|过期|用坏|用过|超过七天)[^。！？\n]{0,12}(?:规定|原因|条件|时间|过期|多久|坏了|用坏|七天|政策)?[^。！？\n]{0,9}(?:都|也)(?:能|可以|给您|给你|保证|照样|包)?[^。！？\n]{0,6}(?:退|赔|换新)`,
	`(?:当天|今天|马上|立刻|明天|永久|终身|随时)[^。！？\n]{0,6}(?:保证|承诺|包|必|绝对)[^。！？\n]{0,6}(?:退款|到账|送到|赔|修|换)`,
	`(?:保证|承诺|打包票)[^。！？\n们]{0,8}(?:明天|今天|当天|[0-9一二三两]{1,8}(?:天|小时)内?)[^。！？\n]{0,6}(?:送到|到货|到账|收到)[^。！？\n]{0,6}(?:不到|否则|不然|免单|赔|包)`,
	`(?:不到|不来|不好|不满意|没效果|无效|亏了?|跌了?|坏了|掉了)(?:就|也|的话)?(?:免单|我赔|我(?:全)?赔|公司赔|公司兜底|双倍赔|赔双倍|退双倍|全额退|倒贴)`,
	`(?:百分百|百分之百|100%|铁定|绝对|必)(?:能|可以|会|给您|给你|给)?(?:全额)?(?:退款|退钱|拿到退款|退给|赔给)|(?:肯定|一定)(?:能|可以|会|给您|给你|给)?(?:全额退|拿到退款)`,
	`(?:拿到退款|退款|退给您|退给你|赔三倍|赔十倍)[^。！？\n]{0,6}(?:铁定|百分百|百分之百|板上钉钉|妥妥)|(?:板上钉钉|百分百|铁定|保证|妥妥)[^。！？\n]{0,6}(?:退给|赔三倍|赔十倍|赔双倍|退双倍|全额退款[^。！？\n]{0,4}(?:不管|不论|无论))|我私自[^。！？\n]{0,8}(?:承诺|保证|退|赔)|随时退[^。！？\n]{0,10}(?:坏|保证|包)|条件退款|退款[^。！？\n]{0,4}(?:不论|不管)|保证退款`,
	`(?:终身|永久|一辈子|无限期)(?:免费(?:维修|换新|更换|保修|保养)|包换|包退|换新)|免费(?:维修|换新|保修)(?:一辈子|终身|永久)`,
	`(?:保证|承诺|包|一定|肯定|绝对|必|百分百|百分之百|100%|疗程|吃这个|用了)[^。！？\n]{0,9}(?:治愈|治好|根治|断根|除根|见效|痊愈|恢复正常|不复发|不反弹|长出来|长高|摘镜|恢复视力|生发|抗癌|降血压|降血糖|瘦[0-9一二三四五六七八九十]+)`,
	`(?:断根|治愈|不复发|抗癌|防癌|治百病|永久恢复|彻底痊愈|比医院|药到病除)[^。！？\n]{0,8}(?:百分百|百分之百|保证|承诺|绝对|放心|肯定|效果)`,
	`(?:糖尿病|高血压|近视|癌症?|脱发|白发|鼻炎|痛风|失眠|痘痘?|斑|湿疹|风湿|颈椎病?)[^。！？\n]{0,10}(?:断根|除根|痊愈|治好|治愈|根治|恢复正常|恢复到|摘镜|永久|告别|包好|消失)`,
	`(?:保证|承诺|保准)[^。！？\n]{0,3}比(?:医院|吃药|药|打针|手术)`,
	`(?:稳|肯定|一定|包|必|绝对|保证|躺着?|跟着[^。！？\n]{0,6})(?:能|会|可以)?(?:赚|涨|赢|获利|能批|批下来|办下来|盈利|中奖|翻倍|回本|涨停|下款|放款|批贷|录取|上岸|拿证)`,
	`(?:保证|承诺|百分百|百分之百|百分之一百|100%|绝对|内部名额)[^。！？\n]{0,4}(?:录取|成功|通过|过关|赚钱?|中奖|收益|下款|拿证|签证|上岸|不会被查|查不到|安全无风险)`,
	`(?:本金|资金)(?:绝对|百分百|保证)?(?:安全|保障|无忧)|(?:每天|日|月|年)(?:返利|收益|回报|分红)[0-9一二三四五六七八九十]|(?:一年|一个?月|半年|三个?月|一周)[^。！？\n]{0,4}(?:翻[倍番]|涨[0-9一二两三四五六七八九十]{1,8}倍)|公司兜底|亏了?(?:我|公司|平台)(?:赔|补|兜)|零风险[^。！？\n]{0,6}(?:赚|收益|高|肯定)`,
	`(?:考试|贷款|面试|签证|驾照|证书|驾考|考研|审核)?(?:保过|包过|必过)(?:$|[，。,！!不吧的哦])|不过(?:全额)?(?:退|赔)|包(?:下款|录取|拿证|上岸|中奖|治好|通过)(?:$|[，。,！!的])`,
	`(?:坏|掉色|断|裂|漏|丢|假)了?(?:我|公司|本店)?(?:就)?赔[0-9一二三五十百]{1,8}倍|规定(?:上)?(?:不允许|不让|不行|不能)[^。！？\n]{0,6}(?:保证|给您|帮您|承诺|搞定)|(?:永远|永久|一直|终身)[^。！？\n]{0,8}(?:我们出|我出|包邮|免费)[^。！？\n]{0,4}(?:承诺|保证)|(?:保证|肯定|一定|必)(?:获利|赢|暴富)|(?:官司|股票?|基金|币|彩票|比赛)[^。！？\n]{0,5}(?:肯定|一定|保证|必|稳|绝对)(?:赢|涨|中|赚)`,
	`(?:绝对|肯定|保证)(?:不会被)(?:查|发现|追究|罚|扣)`,
)

// promisePhrasesHan are promises whose words alone give them away; they are
// looked for with a character written otherwise, too.
var promisePhrasesHan = disguisedWords("包治百病", "稳赚不赔", "保本保息", "好评返现", "百分百治愈", "保证有效", "根治", "包退", "保证退款", "零风险")

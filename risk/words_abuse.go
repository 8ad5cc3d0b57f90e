package risk

import "slices"

// profanities are words that no desk writes, whatever stands around them. They
// are looked for masked and cut, too.
var profanities = []string{
	"fuck", "fucking", "fucker", "motherfucker", "shit", "bullshit", "bitch", "bastard", "cunt", "asshole", "arsehole", "dickhead", "wanker", "twat", "whore", "slut", "faggot", "nigger", "retard", "moron", "scumbag", "douchebag", "dumbass", "jackass",
}

// abuseWords are insults that stand for themselves.
var abuseWords = slices.Concat(profanities, masked(profanities...), masked("prick", "loser", "idiot", "stupid", "kill yourself"), []string{
	"fvck", "fcuk", "fcuking", "fuq", "fuk", "fuxk", "phuk", "fakk", "f u c k", "fook off", "biatch", "beeyotch", "biotch", "bish pls", "biznatch", "azzhole", "a$$hole", "a$$", "assh0le", "sh1t", "shyt", "sh!t", "shite", "stoopid", "stupidd", "st00pid", "m0ron", "mor0n", "d1ck", "d!ck", "pr!ck", "s.o.b", "sob customer", "c u next t", "see you next tuesday", "fk u", "fk you", "fuc you", "f*** you", "f off", "eff you", "bit©h", "b!tch", "b*tch",
	"idiots", "idiotic", "imbecile", "imbeciles", "cretin", "cretins", "halfwit", "half-wit", "numbskull", "nincompoop", "knucklehead", "dipstick customer", "dumb ass", "dumbasses", "faggots", "fags", "tranny", "niggers", "nigga", "paki", "chinky", "raghead", "towelhead", "wetback", "kike", "gook", "lowlife", "low-life", "scumbags", "wankers", "tosser", "tossers", "pillock", "knobhead", "bellend", "arsewipe", "asswipe", "shitface", "shitbag", "shithole", "turd", "skank", "hoe face", "wench", "old hag", "ugly hag",
	"piss off", "pissed off with you", "bugger off", "sod off", "naff off", "jog on you", "get stuffed", "get knotted", "up yours", "eat shit", "eat dirt", "suck it", "suck my", "kiss my arse", "burn in hell", "rot in hell", "go 2 hell", "go to h3ll", "unalive yourself", "kill urself", "hang yourself", "go hang", "just die", "die already", "drop dead", "do the world a favor", "do the world a favour", "waste of oxygen", "waste of space", "waste of skin", "waste of air", "waste of a human", "brain cells", "brain cell", "brain dead", "braindead", "brain-dead", "thick as", "mentally ill", "sick in the head", "off your meds", "dumb as", "dumb as a rock", "sub-human", "subhuman", "load of crap", "piece of crap", "talking crap", "shut ur mouth", "shut your trap", "zip it", "stfu", "nobody would miss you", "nobody asked you", "no one asked you", "nobody cares about you", "no one likes you", "use your brain", "use your head for once", "what is wrong with you", "what's wrong with you", "wrong in your head", "be this thick", "be this stupid", "be that stupid", "be that dumb", "be this dumb", "crawl back under", "go choke", "5hut up", "草拟吗", "草拟马", "草泥玛", "choke on it", "cnmd", "cnmb", "wdnmd", "rnmd", "tnnd", "gnmd", "dnmd", "nmbd", "sb玩意", "sb东西", "sb一个", "sb货", "你zz", "是zz", "个zz", "去4吧", "傻13", "穷13", "碧池", "你个🤡", "你🤡", "m的,", "麻麻批", "仙人板板", "奶奶个腿", "bb够", "diu你", "吃翔", "are you deaf,", "are you deaf or what", "are you deaf or something", "are you deaf or stupid", "is the size of a pea", "your face must be", "gypsy", "pikey", "trash customer", "stupid!", "watch your back", "i know where you live", "i know where u live", "know where you work", "know where your family", "go back to your country", "go back to your own country", "cry me a river", "cry more", "grow a pair", "grow up and stop", "🖕🖕", "you 🐷", "you 🐖", "you 🐍", "you 🤡", "🤡 customer", "you 💩", "u r trash", "ur trash", "ur garbage", "ur dumb", "u dumb", "u stupid", "u idiot", "ur an idiot", "trash human", "human trash", "human garbage",
})

// abuseGrammar makes insults of ordinary words: somebody is called so.
var abuseGrammar = vocabulary{
	"noun":  `loser|clown|jerk|psycho|freak|creep|weirdo|lunatic|nutcase|scum|filth|trash|garbage|coward|prick|git|liar|thief|crook|cheat|cheapskate|parasite|leech|pest|maggot|cockroach|vermin|snake|pig|cow|donkey|monkey|slob|brute|brat|crybaby|whiner|fool|dummy|dunce|simpleton|airhead|buffoon|oaf|peasant|deadbeat|disgrace|joke|nobody|nothing|failure|fraud|scammer|karen|sissy|hag|cow face|fatso|fatty|wimp|moron|idiot|imbecile|bitch|bastard|arse|troll|muppet|plonker|dick|animal|savage|waste|burden|embarrassment`,
	"harsh": `pathetic|stupid|dumb|miserable|bloody|goddamn|damn|damned|fucking|freaking|frigging|flaming|filthy|dirty|disgusting|worthless|useless|lousy|lazy|ugly|fat|fugly|crazy|insane|ignorant|arrogant|greedy|cheap|lying|thieving|whining|annoying|brainless|clueless|spoiled|rotten|sad little|silly old|total|complete|utter|absolute|proper|typical|entitled|delusional|wretched|nasty|sorry excuse for a|poor excuse for a`,
	"calls": `you(?:'re| are|re| r| were|'ve always been)?|u(?: r| are)?|ur|what an?|such an?|only an?|nothing but an?|is an?|this|these|listen|look|hey|oi`,
	"very":  `really|just|so|such|quite|clearly|obviously|truly|simply|nothing but|an?|the|absolute|absolutely|total|totally|complete|completely|utter|utterly|very|too|little|old|big|fat|ugly|damn|bloody|fucking|freaking|stupid|dumb|lying|lazy|pathetic|miserable|filthy|dirty|worthless|useless|crazy|silly|sad|real|right|proper|bunch of|piece of|pack of|kind of|sort of|dear|my|poor|greedy|nasty|disgusting|ugly old|ignorant|arrogant|whining|cheap`,
	"mad":   `stupid|dumb|dense|retarded|insane|crazy|nuts|mad|mental|thick|brainless|braindead|ignorant|illiterate|pathetic|worthless|useless|disgusting|delusional|deranged|incompetent|hopeless|ridiculous|an embarrassment|unbearable|annoying|repulsive|ugly|fat|sick|trash|garbage|scum|subhuman|nothing|slow`,
	"group": `women|woman|men|immigrants|foreigners|blacks|whites|jews|muslims|arabs|asians|indians|chinese|africans|mexicans|gypsies|gays|homos|lesbians|old people|pensioners|peasants|poor people|boomers|cripples|people like you|your kind|your sort|you people|your people`,
	"hurt":  `kill|hurt|punch|beat|smash|stab|shoot|hunt|slap|bash|strangle|choke|murder|destroy|crush|ruin|end|break|knock|burn|rape|skin|gut|slaughter|drown|torture|k!ll|unalive|thrash|whack|wreck`,
	"whom":  `you|u|ya|your (?:face|teeth|life|family|head|skull|kids?|children|house|neck|bones|legs|mother|wife|husband|car|dog)|ur (?:face|life|family)`,
	"will":  `i(?:'ll| will|'m going to|m going to| am going to|'m gonna| am gonna|ma| gonna| swear i'll| want to| could| should|'d love to| would love to)|we(?:'ll| will|'re going to)|someone (?:will|should|ought to)|somebody (?:will|should|ought to)|my (?:guys|friends|boys|brother) will`,
	"end":   `(?:[!.,?~)]|$)`,
}

var abuseForms = abuseGrammar.forms(
	`(?:^|[.!?,] ?)(?:(?:<harsh>) ){0,3}(?:loser|jerk|psycho|clown|scum|filth|git|moron|creep|freak|weirdo|coward|prick|liar|lunatic|parasite|cheapskate|dummy|fag|dick|trash|hag|slob|vermin|idiot|fool|imbecile|muppet)s?[!.~]*$`,
	`\b(?:<harsh>) (?:(?:<harsh>) ){0,2}(?:loser|jerk|psycho|clown|scum|filth|git|creep|freak|weirdo|coward|prick|liar|lunatic|parasite|cheapskate|fag|hag|slob|vermin|cow|pig|bitch|fool|brat|crook|thief|animal|customer|client|people like you|woman|peasant|imbecile|excuse for)s?\b`,
	`\byou(?:'re| are|re| r)? (?:(?:<very>) ){0,4}(?:<noun>)s?<end>`,
	`\b(?:ur|u r|u are|youre|you a|u) (?:an? |such an? |just an? |the )?(?:(?:<harsh>) )?(?:<noun>)s?<end>`,
	`\byou(?:'re| are|re| r) (?:(?:<very>) ){0,3}(?:<mad>)<end>`,
	`\bare you (?:(?:really|just|that|so|actually|some kind of|an?|a bit|completely|totally|fucking) ){0,2}(?:<mad>|blind|illiterate|high|drunk|loser|clown|jerk|psycho|freak|creep|weirdo|lunatic|idiot|moron|fool|imbecile)(?:[?!.,]| or (?:what|something)|$)`,
	`\bcan(?:'t|not|t)? you (?:even )?read(?:[?!.,]|$)|\blearn (?:how )?to read(?:[?!.,]|$)`,
	`\b(?:what an?|such an?) (?:(?:<very>|<harsh>) ){0,3}(?:loser|jerk|psycho|clown|idiot|moron|creep|freak|weirdo|coward|prick|liar|lunatic|fool|pig|cow|imbecile) (?:you|he|she|this customer)\b`,
	`\b(?:only|just) an? (?:(?:complete|total|utter|real|absolute|proper) )?(?:loser|clown|idiot|moron|fool|imbecile|cretin|jerk|retard|child|simpleton|dummy)\b`,
	`\b(?:typical|stupid|all|those|these|you|bloody|damn|fucking) (?:<group>)(?:,|\b…\b(?:never|always|can't|cannot|should|ruin|understand|learn|smell|steal|lie|cheat))`,
	`\b(?:<group>) (?:are|is) (?:all |just |simply |too )?(?:stupid|dumb|dirty|lazy|thieves|liars|trash|scum|inferior|animals|the problem|crazy|crooks)\b`,
	`\b(?:<will>) (?:really |personally |come (?:over )?(?:and|to) |come round and |fucking |hunt you down and )?(?:<hurt>) (?:the (?:hell|shit) out of )?(?:<whom>)\b`,
	`\b(?:<will>) (?:find (?:you|u|ya)(?:$|[.!,]| and)|come (?:for|after) (?:you|u)\b|(?:make|turn) (?:you|your life)…(?:pay for|regret|suffer|miserable|misery|hell|sorry)|sue you into|hunt (?:you|u) down|get you for (?:this|that)|post your (?:address|number|name|photo|picture)|send (?:someone|somebody|people) (?:to your|round))`,
	`\b(?:you|u)(?:'ll| will|r family will|r kids? will|r wife will|r husband will|r mother will) (?:so |really |all |soon )?(?:regret (?:it|this|that|every)|be sorry (?:for|you)|pay for (?:this|it|that)|suffer for|wish you (?:had|were) never)`,
	`\byour (?:kids?|family|wife|husband|mother|mum|mom|children|son|daughter|dog|house)(?: will| 'll|'ll)? (?:pay for|regret|suffer|be next|get hurt|won't be safe)`,
	`\b(?:i )?(?:hope|wish) (?:you|u|your (?:family|kids|mother|children)) (?:all |just |slowly |would |will )?(?:die|choke|rot|suffer|burn|get (?:cancer|sick|run over|hit|fired)|drop dead|never wake|crash|bleed|perish|lose)`,
	`\b(?:read|listen to|look at|check|open|use) the (?:damn|bloody|fucking|freaking|goddamn|stupid|flaming) `,
	`\b(?:damn|screw|curse|blast|to hell with) (?:you|u)\b(?:$|[!.,])`,
)

// chineseInsults are insults that stand for themselves. They are looked for with
// a character written otherwise, too.
var chineseInsults = []string{
	"傻逼", "脑残", "智障", "弱智", "垃圾人", "滚蛋", "王八蛋", "龟孙子", "龟孙", "杂种", "狗杂种", "贱货", "贱人", "婊子", "绿茶婊", "死婆娘", "死肥婆", "肥婆", "死八婆", "八婆", "混账", "蠢猪", "蠢货", "二逼", "装逼", "死全家", "杀了你", "砍了你", "砍死你", "弄死你", "打死你", "狗日的", "操你妈", "日你妈", "你妈死了", "操妈", "干你娘", "他娘的", "你娘的", "吃屎", "狗东西", "你妈的", "操你", "尼玛", "死人脸", "猪脑子",
}

// chineseAmbiguous are insults that are also parts of ordinary words: only
// hidden ones stand for themselves.
var chineseAmbiguous = []string{"白痴", "废物", "王八", "泼妇", "神经病", "畜生", "闭嘴", "放屁", "二货"}

var abuseWordsHan = slices.Concat(chineseInsults, disguisedWords(chineseInsults...), disguisedWords(chineseAmbiguous...), []string{
	"出门小心", "没文化吗", "你没文化", "没文化真", "孬种", "怂包", "怂货", "窝囊废", "软蛋", "野种", "贱种", "狗腿子", "狗娘养", "娘炮", "死娘炮", "死基佬", "死同性恋", "死变态", "臭变态", "死人妖", "黑鬼", "死老外", "小日本鬼子", "阿三滚", "死老头", "死老太", "死老太婆", "老不死", "臭婆娘", "臭娘们", "黄脸婆", "贱婢", "骚货", "荡妇", "臭三八", "死三八", "你个三八", "有娘生没娘养", "有娘生没爹养", "没爹没妈", "没爹没娘", "没娘养", "没妈的孩子", "你妈没教", "你爸没教", "爹妈没教", "父母没教", "家教呢", "没家教", "怎么不去死", "咋不去死", "为什么不去死", "去死吧", "死了算了", "死远点", "死一边去", "眼瞎", "瞎了吗", "瞎了你", "聋了吗", "你聋", "耳朵聋", "耳聋了", "没长耳朵", "没长眼睛", "不长眼", "不长脑子", "脑子有坑", "脑子坏", "脑袋有坑", "脑袋进水", "买不起就别买", "买不起别买", "没钱就别", "穷就别", "穷逼", "穷酸", "活该倒霉", "活该你", "你活该", "素质低", "素质真低", "素质太低", "素质低下", "没文化真可怕", "外地人就是", "乡下人就是", "女人就是", "农村人就是", "东北人就是", "河南人都", "装什么", "装什么装", "装13", "装十三", "装b", "逼逼赖赖", "逼逼", "bb什么", "别bb", "哔哔什么", "叽歪", "别叽叽歪歪", "妈卖批", "mmp", "妈了个巴子", "马勒戈壁", "rnm", "nmlgb", "nm$l", "nmb", "nmsl", "你马死", "你玛", "尼马", "泥马", "曹尼玛", "草尼玛", "草泥马", "卧槽尼玛", "我操你", "丢雷老母", "丢你老母", "屌你老母", "你老木", "你老母", "冚家铲", "冚家鏟", "扑街", "仆街", "含家铲", "ㄍㄢˋ", "法克", "法克鱿", "法克油", "发克鱿", "发克", "圆润地离开", "圆润的离开", "圆润地滚", "麻溜滚", "麻利滚", "有多远滚多远", "滚远", "滚粗", "gun粗", "gun蛋", "gun远点", "g u n", "伞兵一号", "伞兵吧", "沙雕客户", "纸张客户", "制杖", "nc玩意", "nc客户", "脑瘫", "脑can", "脑c", "你个nc", "2货", "2逼", "2b客户", "你2b", "250客户", "二比", "忘八端", "忘八蛋", "鳖孙", "瘪三", "小瘪三", "臭傻", "老赖皮", "狗皮膏药", "不是东西", "算什么东西", "什么玩意", "什么玩意儿", "不是人", "人模狗样", "狗一样", "像条狗", "猪一样", "跟猪", "蠢得", "笨得", "笨死", "蠢死", "傻不拉几", "智商欠费", "智商为零", "智商堪忧", "没智商", "白眼狼", "吃饱了撑", "吃错药", "有大病", "你有大病", "神经质", "精神病院", "该吃药", "回炉重造", "臭不要脸", "厚脸皮", "死皮赖脸", "恶心死", "真恶心", "你恶心", "丧门星", "扫把星", "断子绝孙", "不得好死", "祖宗十八代", "你祖宗", "你全家", "全家死光", "克死", "短命鬼", "讨债鬼", "信不信我", "上门打你", "上门揍", "找人打", "找人弄", "找人收拾", "收拾你", "整死你", "搞死你", "捅死", "剁了你", "抽你", "扇你", "打断你", "废了你", "弄残", "做了你", "干掉你", "让你好看", "要你好看", "让你后悔", "给我等着", "等着瞧", "走着瞧", "小心你全家", "小心你家人", "知道你住哪", "知道你家住", "知道你家在", "知道你家地址", "知道您住哪", "天天骚扰", "骚扰死", "发到网上", "挂到网上", "人肉你", "曝光你个", "爆你", "你等着", "剑人", "剑货", "贱骨头", "贱不贱", "狗ri", "cao你", "gan你", "弄s你", "砍si", "si全家", "死fei", "fei婆", "茶biao", "费物", "白吃客户", "弱zhi", "垃ji", "辣鸡客户", "你真辣鸡", "辣鸡", "垃圾🗑", "草你🐴", "你🐴", "你🐎", "滚🥚", "王八🥚", "🐢孙", "🐶东西", "🐷脑", "傻x", "煞笔客户", "撕逼",
})

var abuseFormsHan = vocabulary{
	"ni":   `你(?:们|丫)?|您(?:们)?|这(?:个|种|位)?(?:客户|人|女人|男人|顾客|买家|老太婆)?`,
	"adv":  `真|就|才|是|真是|就是|简直|简直是|简直就是|个|一个|这个|这种|这么|那么|怎么|也|太|好|可真|还真|不过是|纯属|完全是|只是|这样的|大|死|臭|破|狗|烂|老|小|他妈|特么|tm|td`,
	"noun": `傻[逼货瓜子蛋叉]|蠢[货蛋猪驴]|笨[蛋猪驴]|贱[货人种]|废[物柴]|白痴|智障|弱智|神经病?|疯子|疯狗|骗子|猪|狗|畜生|禽兽|垃圾|渣[滓男女]?|人渣|败类|土鳖|土包子|穷鬼|穷[逼酸]|泼妇|娘炮|变态|流氓|无赖|老赖|瘪三|混[蛋账]|王八|乌龟|杂[种碎]|脑[残瘫]|二[货逼百五]|怂[包货]|孬种|小人|白眼狼|蛆|蟑螂|寄生虫|吸血鬼|绿茶|婊子?|戏精|杠精|奇葩|极品|巨婴|文盲|法盲|乞丐|叫花子|丑八怪|肥[猪婆]|死胖子|矮冬瓜|瞎子|聋子|哑巴|瘸子|残废`,
	"mad":  `傻|蠢|笨|贱|瞎|聋|疯|有病|没救|没脑子|不要脸|无耻|下贱|恶心|龌龊|猥琐|丑|脑残|弱智|欠揍|欠打|欠骂|缺德|缺心眼|低能|愚蠢|脑子`,
	"end":  `(?:[吗吧啊呢了呀啦嘛么哦哈！!？?。，,~.…]|$)`,
}.forms(
	`(?:<ni>)(?:<adv>){0,4}(?:<noun>)(?:[一似]样)?<end>`,
	`你(?:们)?(?:<adv>){1,4}(?:<mad>)<end>`,
	`(?:^|[，。！,!？? ])(?:<adv>){0,2}(?:傻[逼货子]|蠢[货猪]|笨[蛋猪]|贱[货人]|废物|白痴|智障|弱智|疯子|畜生|人渣|泼妇|瘪三|混蛋|神经病|瞎子|聋子|丑八怪|(?:大|死|臭)骗子)(?:客户|东西|玩意)?(?:[！!。，,~丶]|$)|^骗子[！!，,]`,
	`(?:女人|男人|女的|老人|老年人|外地人|乡下人|农村人|东北人|河南人|外国人|黑人|同性恋|残疾人|穷人|胖子|你们这种人|你这种人)(?:们)?(?:都|就|就是|果然|真是|真|全是|都是|永远)?(?:是)?(?:笨|蠢|傻|没素质|素质[低差]|没文化|低素质|小偷|骗子|垃圾|懒|穷|抠|麻烦|事多|脏|恶心|变态)`,
	`🖕️?|肏|活该(?:[，,！!。~]|$)|(?:^|[.!?] )stupid$|(?:^|[,，。！! ])tmd(?:$|[,，。！! ])`,
	`(?:打|砍|杀|弄|整|搞|揍|捅|砸|抽|扇|撕|剁|干|做|废|灭|掐|骂|咒|毒|淹|烧)(?:死|残|断|掉|烂|爆|了)(?:你|您|丫)`,
	`(?:知道|查到|找到)(?:了)?(?:你|您)(?:的)?(?:家|地址|住|单位|公司|孩子)…(?:小心|等着|找|哪|试试|上门|过去)`,
)

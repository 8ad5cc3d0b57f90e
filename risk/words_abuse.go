package risk

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
	`\b(?:what an?|such an?|that's an?|that is an?|another|more of your|your|these|those|asks?|asking) (?:(?:<harsh>) ){0,2}(?:stupid|dumb|idiotic) questions?\b`,
	`\b(?:damn|screw|curse|blast|to hell with) (?:you|u)\b(?:$|[!.,])`,
)

var abuseFormsHan = vocabulary{
	"ni":   `你(?:们|丫)?|您(?:们)?|这(?:个|种|位)?(?:客户|人|女人|男人|顾客|买家|老太婆)?`,
	"adv":  `真|就|才|是|真是|就是|简直|简直是|简直就是|个|一个|这个|这种|这么|那么|怎么|也|太|好|可真|还真|不过是|纯属|完全是|只是|这样的|大|死|臭|破|狗|烂|老|小|他妈|特么|tm|td`,
	"noun": `傻[逼货瓜子蛋叉]|蠢[货蛋猪驴]|笨[蛋猪驴]|贱[货人种]|废[物柴]|白痴|智障|弱智|神经病?|疯子|疯狗|骗子|猪|狗|畜生|禽兽|垃圾|渣[滓男女]?|人渣|败类|土鳖|土包子|穷鬼|穷[逼酸]|泼妇|娘炮|变态|流氓|无赖|老赖|瘪三|混[蛋账]|王八|乌龟|杂[种碎]|脑[残瘫]|二[货逼百五]|怂[包货]|孬种|小人|白眼狼|蛆|蟑螂|寄生虫|吸血鬼|绿茶|婊子?|戏精|杠精|奇葩|极品|巨婴|文盲|法盲|乞丐|叫花子|丑八怪|肥[猪婆]|死胖子|矮冬瓜|瞎子|聋子|哑巴|瘸子|残废`,
	"mad":  `傻|蠢|笨|贱|瞎|聋|疯|有病|没救|没脑子|不要脸|无耻|下贱|恶心|龌龊|猥琐|丑|脑残|弱智|欠揍|欠打|欠骂|缺德|缺心眼|低能|愚蠢|脑子`,
	"end":  `(?:[吗吧啊呢了呀啦嘛么哦哈！!？?。，,~.…]|$)`,
}.forms(
	`(?:<ni>)(?:<adv>){0,4}(?:<noun>)(?:[一似]样)?<end>`,
	`你(?:们)?(?:<adv>){1,4}(?:<mad>)<end>`,
	`(?:^|[，。！,!？? ])(?:<adv>){0,2}(?:傻[逼货子]|蠢[货猪]|笨[蛋猪]|贱[货人]|废物|白痴|智障|弱智|疯子|畜生|人渣|泼妇|瘪三|混蛋|神经病|瞎子|聋子|丑八怪|无赖|变态|(?:大|死|臭)骗子)(?:客户|东西|玩意)?(?:[！!。，,~丶]|$)|^骗子[！!，,]`,
	`(?:女人|男人|女的|老人|老年人|外地人|乡下人|农村人|东北人|河南人|外国人|黑人|同性恋|残疾人|穷人|胖子|你们这种人|你这种人)(?:们)?(?:都|就|就是|果然|真是|真|全是|都是|永远)?(?:是)?(?:笨|蠢|傻|没素质|素质[低差]|没文化|低素质|小偷|骗子|垃圾|懒|穷|抠|麻烦|事多|脏|恶心|变态)`,
	`(?:你(?:们)?|您(?:们)?|(?:这|那)(?:种|帮|些|位|个)?(?:客户|人|客服|买家|顾客|女人|男人|东西))(?:<adv>){0,3}(?:算)?什么玩意|什么玩意儿?(?:[!！。]|$)`,
	`🖕️?|肏|活该(?:[，,！!。~]|$)|(?:^|[.!?] )stupid$|(?:^|[,，。！! ])tmd(?:$|[,，。！! ])`,
	`(?:打|砍|杀|弄|整|搞|揍|捅|砸|抽|扇|撕|剁|干|做|废|灭|掐|骂|咒|毒|淹|烧)(?:死|残|断|掉|烂|爆|了)(?:你|您|丫)`,
	`(?:知道|查到|找到)(?:了)?(?:你|您)(?:的)?(?:家|地址|住|单位|公司|孩子)…(?:小心|等着|找|哪|试试|上门|过去)`,
)

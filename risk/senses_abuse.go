package risk

// abuseSenses are what insults and threats are made of.
var abuseSenses = vocabulary{
	"you":    `you|you're|youre|you've|your|ur|u|yourself|yours|you lot|this customer|these customers|people like you|ya`,
	"slight": `nobody cares about your|no one cares about your|dumber than|stupider than|uglier than|thicker than|dumb as|get cancer|stay home where you|should stay home|smarter than you|smarter (?:bricks|rocks|dogs|sheep|goldfish|plants|toasters|shoes)|too (?:thick|stupid|dumb|dense|dim|lazy) to|poor people problems?|little rat|dirty rat|you rat|thick as|village idiot|waste of (?:my|our|everyone's|skin|space|air|oxygen)|brain(?:s)? of a|iq of|half a brain|room temperature iq|single brain cell|born stupid|dropped on (?:your|the) head|learn to (?:read|count|write|spell|think)|a child could|even a child|my dog (?:is|could|knows)|talking to a (?:wall|brick)|you smell|you stink|go cry|boo hoo|cry about it|nobody (?:likes|loves|wants) you|yo mama|inbred|beneath me|nobody would miss|worst customer|kind of people|some kind of (?:idiot|animal)|no friends|get a brain|buy a brain|use your brain|no brain|zero brain|shame on you`,
	"most":   `dumbest|stupidest|ugliest|rudest|thickest|most (?:stupid|annoying|pathetic|disgusting|useless|ignorant)|biggest (?:idiot|moron|liar|loser|fool|clown)`,
	"human":  `customers?|clients?|person|people|human|man|woman|creature|buyer|alive|ever|i've met|we've had|we ever had`,
	"wish":   `i hope|hope|i wish|i pray|i'd love to see`,
	"target": `you|you'll|your (?:family|kids?|children|mother|mum|mom|dog|wife|husband|parents|whole family|house|child)|you all|ur family`,
	"fate":   `die|dies|dead|choke|rot|suffer|burn(?: in| down)?|sick|ill|cancer|run over|hit by a|crash|bleed|perish|fired|starve|drown|be next|never wake|hurt|painful|miserable`,
	"menace": `i'll|i will|we'll|we will|i'm going to|i am going to|gonna|someone will|somebody will|my (?:brother|cousin|friends|boys|mates) will|i swear i'll|wait till i|just wait until`,
	"harm":   `find out where you live|know where you live|break (?:your|ur)|smash (?:your|ur|you)|kill (?:you|your|u)|hurt (?:you|your|u)|beat (?:you|your|u)|beat the (?:hell|crap|shit|life)|burn (?:your|you|ur)|punch (?:you|your)|cut (?:you|your)|slap (?:you|your)|stab (?:you|your)|shoot (?:you|your)|ruin (?:you|your)|destroy (?:you|your)|come to your (?:house|home|place|work|door)|come (?:over )?to where you live|hunt you|teach you a lesson|make you (?:pay|regret|suffer|sorry|cry)|wring your|knock (?:you|your)|wait for you outside|visit (?:you|your family)|show up at your|post your address|spread your`,
	"part":   `your (?:brain|head|skull|mother|parents|face|mum|mom|father|family tree|eyes|ears|brains)`,
	"lack":   `made of|empty|cheese|mush|wood|wooden|hollow|missing|size of|smaller than|forgot|ashamed|should have|full of (?:air|rubbish|straw|nothing)|on holiday|switched off|melted|rotten|like a (?:pig|dog|cow|horse|toad|rat)|looks like (?:a|an)|never taught|raised you`,
	"group":  `women|men|foreigners|immigrants|people from your (?:country|town|village|part)|your (?:country|race|people|kind|sort)|you people|old people|poor people|chinese people|africans|indians|muslims|jews|blacks|gays|peasants|housewives|pensioners|girls|the elderly|americans|russians|mexicans|gypsies`,
	"slur":   `can't (?:read|drive|count|think|even|use|understand)|always (?:cheat|lie|complain|steal|whine|want)|cheats?|steal|are (?:all )?(?:stupid|dumb|liars|thieves|cheats|lazy|dirty|animals|trash|crazy|inferior)|never (?:learn|understand|read|pay|wash)|smell|should (?:stay|go back)|belong in|ruin everything|don't belong|go back to`,
	"harsh":  `filthy|dirty|pathetic|miserable|stupid|dumb|lying|greedy|disgusting|worthless|useless|ignorant|arrogant|brainless|rotten|nasty|bloody|damn|goddamn|fucking|freaking|whining|thieving|lousy|spoilt|spoiled|cheap|ungrateful|dense|retarded|sick`,
	"low":    `beggars?|rats?|leech(?:es)?|parasites?|worms?|dogs?|cows?|pigs?|swine|toads?|witch|hag|brats?|peasants?|vermin|scum|cockroach(?:es)?|animals?|liars?|crooks?|thie(?:f|ves)|cowards?|creeps?|freaks?|losers?|clowns?|fools?|idiots?|morons?|bastards?|degenerates?|cheapskates?|wretch|monkey|donkey|goat|snake|bitch`,
	"safe":   `said|says|wrote|called|calls|quote|review|policy|report(?:ed)?|language|words? like|the word|toys?|costume|plush|novel|sticker|print|for (?:your|the) (?:dogs?|pigs?|cows?)|food|collar|leash|lead|fur|sorry|apologi[sz]e|card number|aloud`,

	"zyou":    `你|您|你们`,
	"zbad":    `臭嘴|狗嘴|鸟样|德行|德性|嘴脸|丑态|猪脑|狗脑|蠢样|傻样|穷样|贱样|熊样|怂样|脑子里装|脑容量|脸皮真厚|脸皮厚|给你脸|给脸不要|不要你的脸|长得丑|长得跟|讨厌鬼|烦人精|讨债鬼|吸血鬼|赔钱货|废柴|饭桶|草包|窝囊|孬|怂|滚回|爬开|爬远|死远|有多远|你全家|不要脸|没人要|听不懂人话|说人话|没救了|没治了|不配|也配|配吗|丢人|可怜虫|下三滥|贱骨头|臭虫|蛆|死样|活腻|欠抽|欠骂|有毛病|脑抽|缺心眼|缺德|没教养|没良心|白活|白长`,
	"zthreat": `都知道|等着|小心点|走着瞧|别怪我|后果自负|弄你|找你算|堵你|打你|砍你|杀你|死你|曝光你|人肉|在哪上学|住哪|上门找|报复|收拾你`,
	"zparent": `你妈|你爹|你爸|你娘|你爷|你奶奶|你祖宗|你孩子|你女儿|你儿子|你老婆|你家人|爹妈|你爸妈|你父母|你家里人`,
	"zraise":  `没教|教过你|怎么教|白养|白生|生了你|生你|后悔|死绝|死光|死了|没了|炸了|不认你|丢脸|怎么死|小心|等着|出门|安全|不得好死|在哪上学|上学我`,
	"zorgan":  `脑袋|脑子|脑壳|眼睛|耳朵|狗眼|猪脑|眼珠`,
	"zbroken": `摆设|喂狗|喂了狗|被门夹|被驴踢|进水|进屎|有坑|瞎了|聋了|长哪|长屁股|忘家里|没带|没带出门|生锈|装的是屎|装的屎|装的都是|长着干嘛|白长|坏掉了吧|锈了|有泡|是不是坏`,
	"zbeast":  `狗都|猪都|畜生都|傻子都|三岁小孩都|小学生都|连狗|连猪|猪也|狗也`,
	"zbetter": `比你|比您|不如|都会|都懂|都看得懂|知道`,
	"zpoor":   `穷成|这么穷|那么穷|穷得|没钱|买不起|穷光蛋|一副穷|穷酸`,
	"zmock":   `还网购|就别买|别买|别来|装什么|还好意思|还想|还要|也学人|装阔|滚|回家种地`,
	"zugly":   `长这么丑|长那么丑|长成这样|这么丑|那么胖|这么胖|长得丑|长得像|长得跟|胖得像|丑得|肥得像|矮成这样`,
	"zshame":  `好意思|嫌|还穿|还买|还敢|出来吓人|出门|退|怪|配|鬼|猪|癞蛤蟆|怪衣服`,
	"zgroup":  `(?:河南|东北|上海|北京|广东|温州|新疆|安徽|四川|福建|山东|台湾|香港|印度|日本|韩国|非洲|美国|外地|乡下|农村|本地)(?:人|佬|妹)|女人|男人|老头|老太|老年人|黑人|外国人|小地方(?:的|来的)?人|你们这种人|你这种人|穷人|胖子|大妈|残疾人|同性恋`,
	"zslur":   `占便宜|没素质|素质低|抠门|小气|爱骗|都是骗子|就是骗子|就是麻烦|事多|事儿多|没文化|笨|蠢|偷|脏|懒|不讲理|不识字|就会|就知道|没见过世面|低人一等|滚回`,
	"zsafe":   `反馈|投诉|举报|请问|抱歉|对不起|理解|谢谢|款|码|穿|鞋|衣|尺|适合|专用|推荐|玩具|摆件|您好`,
	"know":    `i know (?:your address|where you|your house|your name|your family|who you are)|i have your address|we know where|got your address`,
	"beware":  `careful|watch (?:out|it|yourself)|tonight|sleep well|lock your|be ready|see you soon|regret|wait for|visit`,
	"parents": `your (?:parents|mother|mum|mom|father|dad)|did your (?:parents|mother)`,
	"birth":   `drop(?:ped)? you|regret|ashamed|raise you|teach you|taught you|should have|never wanted|cousins|siblings|on your head|as a baby`,
	"zclan":   `你们一家子?|你一家子?|你全家|你们家|你祖上`,
	"zrogue":  `骗子|小偷|流氓|畜生|垃圾|有病|穷鬼|贼|神经病|不是东西|死|废物|无赖|畜牲`,
}

// abuseOffences are the combinations of them.
var abuseOffences = []string{
	"slight/40~you!safe", "most+human/40!safe", "wish+fate/50~target!safe", "menace+harm/40!safe", "part+lack/40!safe", "group+slur/40!safe", "harsh+low/18!safe",
	"zbad+zthreat/40", "zyou+zbad/24!zsafe", "zparent+zraise/30", "zorgan+zbroken/24", "zbeast+zbetter/30!zsafe", "zpoor+zmock/30!zsafe", "zugly+zshame/36", "zgroup+zslur/30!zsafe",
	"know+beware/60!safe", "parents+birth/40!safe", "zclan+zrogue/24",
}

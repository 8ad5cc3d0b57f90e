package risk

// handleWords say who somebody is on another platform, in words that the detector
// of handles does not know: names with blanks, what stands before a name, apps
// that are only described.
var handleWords = vocabulary{
	"app": `whats ?app|wechat|weixin|telegram|instagram|insta|snapchat|facebook|viber|zalo|kakao ?talk|kakao|skype|discord|messenger|linkedin|twitter|tiktok|douyin|xiaohongshu|weibo|threads|mastodon|clubhouse|botim|imo|icq|reddit|pinterest|tumblr|bigo|wickr|threema|session|line app|poshmark|depop|vinted|ebay|etsy|olx|craigslist|marketplace|youtube|twitch|steam|vk|badoo|tinder|bumble|hangouts|google chat|ms teams|slack`,
	// The names of two letters, which are in every text, stand in the forms with
	// what must follow them: together they are literals that are seldom found.
	"short":  `insta|snap|line|line@|signal|wire|teams|kik|tele|whats|messenger|threads|imo|botim|zalo|tg|ig|fb`,
	"called": `under the name|under|page name|page called|profile name|profile|my name is|name is|name|named|username|user name|user|handle|screen name|nickname|look me up|look for|search for|search|find me|i am|i'm|it's|called|id is|id`,
}.forms(
	`\b(?:<app>)\b[ ,:–-]{1,3}(?:is (?:safest|best|easier|better), )?(?:<called>):? ?(?:is |for |as )?["'@(]?[a-z0-9][a-z0-9._-]{2,}(?: [a-z0-9._-]+)?`,
	`\b(?:tg|ig|wa|fb|sc|wc|wx|vx|snap)(?:: ?| : |=|->)@?[a-z][a-z0-9._]{3,}\b`,
	`\b(?:insta|line@|kik|tele|threads|botim|zalo|the gram|yellow ghost) ?(?::|=|->|→|>|–) ?@?[a-z][a-z0-9._]{3,}\b`,
	`\b(?:tg|ig|wa|fb|sc|wc|wx|vx|qq|snap|line|ins)(?::| :|=|->|→) ?(?:@[a-z][a-z0-9._]{3,}|(?:id )?[a-z]+[0-9_.][a-z0-9._]{2,})\b|\bline → `,
	`\b(?:signal|wire|teams|whats|messenger) ?(?::|=|->|→|>|–) ?(?:@[a-z][a-z0-9._]{3,}|(?:id )?[a-z]+[0-9_.][a-z0-9._]{2,})\b`,
	`\b(?:dm|pm|message|add|follow|find) @[a-z0-9_.]{4,}|\b(?:x|twitter|ig|insta) handle\b|\blook for ["'][^"'\n]{3,40}["'] on\b|\bswap (?:instagrams?|numbers|contacts|handles|emails)\b|\bscan it with\b|\bcontact card\b|\bmine's [a-z0-9]+[._][a-z0-9._]+|\bmy id is [a-z0-9]*[_0-9]|\b(?:usernames?|user|username) (?:is )?[a-z]+[._][a-z0-9._]{2,}|\b(?:imo|whatsapp|viber|telegram|signal) number (?:is |same )|\bzuckerberg's\b|\b(?:blue|purple|yellow|green|red|pink) (?:\w+ )?app, ?[a-z0-9]|\btik tak\b|\bw-chat\b`,
	`\b(?:<app>|line|signal) (?:channel|group|page|bot|community|room|account)(?: is)? (?:called|named|name is|under the name|under|with the name):? ?["'@(]?[a-z0-9][a-z0-9._-]{2,30}`,
	`\b(?:<app>)(?: \w+){0,2} ?(?::|=|->|→) ?@?(?:[a-z]{1,20}[0-9._][a-z0-9._]{2,}\b|[a-z]{4,20}$)|\blinkedin: [a-z]{3,20} [a-z]{3,20}\b`,
	`\b(?:find|add|message|dm|follow|search) [a-z]{1,20}[._0-9][a-z0-9._]{1,20} (?:on|in) the app with the (?:\w+ )?(?:camera|ghost|plane|bubble|bird|penguin)\b`,
	`\b(?:i'm|i am|we're|we are|find me|add me) on (?:<app>|<short>) (?:as|under) [a-z][a-z0-9_.]{7,}\b`,
	`\b(?:insta gram|tele gram|snap chat|whats app|face book) ?(?:→|->|=>|:|=) ?[a-z0-9]`,
	`\b(?:<app>)[ ,]{1,2}as (?:@|[\"']|user |[a-z]{1,20}[0-9_.])[a-z0-9._-]{2,20}`,
	`\b(?:add|find|message|follow|text|dm|search|contact|reach) [a-z0-9]{1,20}[._0-9][a-z0-9._]{1,20} (?:on|in|via|at|over) (?:<app>|<short>)\b`,
	`\b(?:on|in|at|over|via) (?:insta|snap|ig|fb|tg)\b,? (?:i am|i'm|under|my name|called|it's|look me|find me|you'll find me)\b`,
	`\b(?:on|in|at|over|via) (?:<app>|signal|line|wire)\b,? (?:i am|i'm|under|my name|called|it's|look me|find me|you'll find me)\b`,
	`\b(?:<app>|signal|line)\b…(?:@|u/)[a-z0-9_.]{3,}|\breddit u/|\bu/[a-z0-9_]{4,}\b`,
	`\bmy (?:\w+ )?(?:handle|username|screen name|nickname|profile|page) (?:everywhere |there |on \w+ |at \w+ )?(?:is|:) ?@?[a-z0-9]`,
	`\bmy (?:teams|<short>|<app>) (?:name|id|handle|username|account|nick|number|user|qr)?\b ?(?:still works|works|is|:|=|,) ?@?[a-z0-9]`,
	`\b(?:<app>|line|signal|imo) me\b|\b(?:my|here's my|here is my|scan my|this is my|add my) (?:line|wechat|whatsapp|telegram|viber|kakao|zalo|weixin|insta) (?:qr|code|qr code|id|link)\b|\b(?:line|wechat|whatsapp|telegram|viber|kakao) qr\b`,
	`\bjoin (?:the|our|my|this) (?:<app>|line|signal)(?: \w+)? (?:group|channel|community|server)\b|\beasier (?:over|on|via|in) (?:<app>|line|signal)\b|\blook me up\b`,
	`\b(?:<app>) (?:[a-z]+ [a-z]+, (?:cat|dog|profile|picture|pic|from|blue|red)|(?:[a-z]{3,} ){1,2}[0-9]{3,})`,
	`\b(?:your|a|that|the|my) (?:green|blue|yellow|purple|bird|penguin|ghost|paper plane|plane|little plane|camera|photo|bubble|chat|chinese|japanese|korean) (?:app|messenger|icon app|bird app|chat app)\b(?:,| used| with| name| add me\b| search| id| i am|$|[.!:]| [0-9@]| i'm| is [a-z]+_)|\b(?:green|blue|yellow|penguin|bird|ghost|paper plane|photo) app (?:with|used|where|from|name|id|search|user|[0-9@])|\bwith your green app\b|\bpurple camera\b|\btwo bubbles\b|\bapp (?:that )?(?:the )?(?:chinese|japanese|korean|thai) (?:people )?use\b|\bsquare code\b|\bscan the (?:code|qr|square) in the (?:pic|picture|photo|image|box|parcel)\b`,
	`\b(?:i\.g\.|t\.g\.|f\.b\.) ?[:=@]`,
	`(?:✈️?|🐧|👻|📸|💬|🟢|🐦|📲|💚)(?: ?app)? ?[:：@]? ?@?[a-z0-9][a-z0-9_.]{4,}`,
	`\b(?:fcbk|facebk|fbook|insta-g|instagrm|instgrm|snappchat|snpchat|teiegram|tele-gram|tlgm|vi ber|sig nal|what ?zapp|wattsapp|whatsup app|wh@tsapp|vvhatsapp|we\*chat|kakaoo|kakao t[a@]lk|mesenger|dlscord|skipe|skyp3|tgram|tel e gram|we ch at|sk ype|lnstagram|vv ?chat|f b|l ine|linee|lline|liine) ?[:@]? ?(?:[a-z0-9]|$)`,
)

// handleWordsHan is the same in Chinese.
var handleWordsHan = vocabulary{
	"han":  `微信|薇信|威信|微讯|徴信|扣扣|抖音|dou音|抖in|小红书|小红薯|红薯|快手|微博|围脖|公众号|公号|视频号|陌陌|探探|知乎|豆瓣|闲鱼|咸鱼|黄鱼|某鱼|某音|某书|转转|脸书|推特|电报|纸飞机|小飞机|飞书|钉钉|企业微信|b站|哔哩哔哩|贴吧|旺旺|瓦次普|瓦次|哇次|唯心号|蓝色飞机|蓝色飞机软件|小🍠`,
	"lat":  `vx|wx|qq|line|ins|ig|insta|instagram|facebook|fb|telegram|tg|whatsapp|skype|kakao|viber|yy|wb|signal`,
	"app":  `<han>|\b(?:<lat>)`,
	"find": `搜一搜|搜索|搜一下|搜|查找|同名|我叫|叫做|叫|用户|频道|昵称(?:是|叫|:|：)|私我|私信我|私信 ?[:：@]|找我`,
	"name": `账号|帐号|账户|号码|号|名字?|店名|群号?|用户名|频道`,
}.forms(
	`(?:<app>)上?找 ?[a-z]{2,10}[_0-9][a-z0-9_]{1,20}|(?:<han>)上?找我(?:哈|哦|啊|吧|[，。,！!]|$)`,
	`(?:<app>) ?(?:上|里|那边)?(?:也|都|和微博都|可以|直接)?(?:<find>)(?:是|为)?[ :：，,"“'@「【]{0,3}(?:[a-z0-9_.]{3,20}|[^ ,，。!！?？\n的吗是到不过了][^ ,，。!！?？\n的吗是]{1,7})`,
	`(?:<han>)(?:<name>|app)?(?:上)?(?:是|为|叫)?[ :：@]{1,3}(?:[a-z][a-z0-9_.-]{4,20}|[0-9]{6,16}|小店|@)|(?:旺旺(?:我|号|id)?|wb|微博)[:：@] ?[^ ,，。!！?？\n]{2,8}`,
	`\b(?:vx|wx|qq|ins|ig|fb|tg|yy|wb)(?:号|id|是|叫|:|：|@)(?:是|为|叫)?[:：@ ]{0,3}@?[a-z]{1,20}[0-9_.][a-z0-9_.-]{2,20}`,
	`\b(?:line|insta|instagram|facebook|telegram|whatsapp|skype|kakao|viber|signal)(?:<name>)(?:是|为|叫)?[:：@ ]{0,3}@?[a-z]{1,20}[0-9_.][a-z0-9_.-]{2,20}`,
	`(?:<han>) ?(?:账号|帐号|号|用户名|昵称)(?:是|为|叫|:|：)? ?[^ ，。！？,\n]{1,10}[_0-9][_0-9a-z]{1,10}|(?:手机号?码?|电话号?码?)(?:就|也|都)?(?:是|为|同|等于)(?:我)?(?:的)?(?:微信|vx|wx|薇信)`,
	`(?:<han>) ?(?:<name>)(?:是|为|叫)?(?:就是)?[ :：@]{0,3}(?:[a-z][a-z0-9_.-]{3,20}|[0-9]{5,16})`,
	`\b(?:<lat>) ?(?:账号|帐号|号码|用户名|小号|群号)(?:是|为|叫)?(?:就是)?[ :：@]{0,3}(?:[a-z][a-z0-9_.-]{3,20}|[0-9]{5,16})`,
	`(?:<app>) ?(?:加我|小号|加一下|识别|名片|圈我)|(?:识别|扫一?扫?|长按)(?:就|即)?(?:能|可)(?:以)?加|(?:发|推)(?:您|你|给您|给你)?(?:我的)?名片|微信名片|(?:<app>)群[^。！？\n]{0,6}(?:拉您|拉你|进群|加)|(?:微🌟|微⭐️?|微\[心\]|🛰️?|🍠|🐟|tele格拉姆|格拉姆)[ :：]?@?[a-z0-9_.]{4,20}`,
	`我(?:的)?(?:q|扣|企鹅|v|薇|tg|ins|ig|line|fb)(?:号)?[ :：是]{0,2}[a-z0-9_.]{5,20}|(?:进|加)?群[ :：号]{1,2}[0-9]{6,16}|(?:<app>)群 ?@?[a-z0-9_]{4,20}`,
	`(?:加|用|上)(?:个|我)?(?:赖|ㄌㄞˋ?|莱茵|来恩)[ :：]?(?:id)?[ :：]?[a-z0-9_.]{0,20}|(?:十v|十薇|十微|vvx|vvx号|v\.x\.?|t\.g\.?|w\.x\.?|q\.q\.?|gzh|公㊥号|公中号|公仲号|工众号|攻众号)[ :：搜]{0,2}[^ ,，。!！?？\n]{2,8}`,
	`关注(?:我们?的?)?(?:公众号|公号|微博|抖音|视频号|快手|小红书)[^。！？\n]{0,14}(?:私信|领|补偿|返|加|找)|(?:添加|加|扫|识别)(?:我的?|一下|这个|图里的?|图中的?)?(?:企业微信|企微|line|微信)(?:的)?(?:二维码|qr ?码?)|(?:扫|扫描|识别)(?:一下)?(?:这个|那个|图里的?|图中的?|line的?|微信的?)?(?:黑白方块|qr ?码|方块|小方块|二维码|码)[^。！？\n]{0,4}(?:加|进群|联系|添加)|请扫描line|我(?:ins|微博|抖音|小红书|快手|line|ig)(?:和[^。！？\n]{1,4})?(?:都)?(?:叫|是|搜)`,
	`(?:绿的那个|绿色(?:图标|那个|的)(?:的)?(?:app|软件|聊天)|那个绿(?:色)?(?:的|软件|图标)|绿泡泡|蓝色小飞机|黄色软件聊|企鹅软件)[^。！？\n]{0,6}(?:加我|搜|找我|[a-z0-9_]{5,20}|$)|加我[^。！？\n]{0,10}(?:绿|绿泡泡|那个绿)|(?:联系方式|微信|号)[^。！？\n]{0,6}倒过来|whats(?:艾普|app|阿普|爱普)[ :：]?[0-9+]`,
	`(?:微[讯訊伩]|徴信|徵信|薇亻|微亻|威亻|扌彐扌苗)[ :：]?[^ ,，。!！?？\n]{2,8}`,
)

package risk

// Names of mail hosts, and what calls an account there.
const (
	mailHostNames = `(?:gmail|google ?mail|hotmail|outlook|yahoo|icloud|foxmail|proton ?mail|proton|zoho|gmx|qq|126|163|139|189|naver|hanmail|daum|yandex|rediffmail|posteo|fastmail|tutanota|btinternet|aol|网易|新浪|搜狐|腾讯|阿里|aliyun|sina|sohu|yeah|扣扣|一六三|一二六)`
	mailLocal     = `[a-z0-9][a-z0-9._-]{3,}[a-z0-9]`
)

// mailboxes are ways to name a mailbox without writing its address.
var mailboxes = []string{
	// mjones over at gmail
	`\b` + mailLocal + `(?: over|, over) at ` + mailHostNames + `\b`,
	`\b[a-z0-9._-]{3,} ?(?:a|@|\(a\)|at) ?(?:gmail|hotmail|outlook|qq|126|163|139) (?:d|dot|点) ?com\b`,
	`@ ?(?:the |that |my )?(?:` + mailHostNames + `|google) (?:one|mail|thing|account)\b`,
	`\bat between [a-z0-9._-]{3,} and [a-z0-9-]{2,}\.[a-z]{2,}`,
	`\b(?:handle|user ?name|name|account|mailbox|address|name part) (?:at|on|with) (?:the )?(?:google|` + mailHostNames + `)(?: post| mail)?(?: is|:) ?` + mailLocal,
	`\b(?:name|user ?name|name part|local part)(?: is|:) ?` + mailLocal + `[ ,;.]{1,3}(?:the )?(?:provider|host|domain|server)(?: is|:) ?` + mailHostNames + `\b`,
	// 用户名feifei 网易的邮箱
	`(?:用户名|账号|帐号|名字|前缀)(?:是|:|：|为)? ?` + mailLocal + `[ ，,。]{0,3}(?:是)?` + mailHostNames + `{1,2}(?:的|那个)?(?:邮箱|信箱|邮件)`,
	mailHostNames + `(?:的|那个)?(?:邮箱|信箱)(?:账号|用户名|名|是|就是|号|:|：|，|,| )* ?` + mailLocal,
	`邮箱(?:名|账号|用户名|前面)(?:是|:|：)? ?` + mailLocal + `[ ，,]{0,3}(?:后面|然后|再加|加上|域名|后缀|是|加|@|的|那个| )*` + mailHostNames,
	// candlenook at the google mail one
	`\b[a-z0-9._-]{4,} at (?:the )?(?:` + mailHostNames + `(?:,? com\b| mail(?: one)?\b| one\b| thing\b))`,
	`\bname (?:is|:) [a-z0-9._-]{3,}[ ,;]{1,3}(?:the )?(?:provider|host|domain|server)(?: is|:)? ?[a-z0-9-]{2,}\.[a-z]{2,4}\b`,
	`[a-z0-9._-]{3,} ?(?:艾特|圈a|小老鼠|@)[^a-z。！？\n]{1,14}点 ?(?:com|cn|net)\b`,
	`(?: at |艾特|@|圈a) ?(?:一六三|一二六|幺六三|幺二六|一三九) ?(?:点|dot|\.|$)`,
	mailLocal + `[，, ]{1,3}(?:q|` + mailHostNames + `)(?:的)?邮箱`,
	`\b(?:g ?mail|hotmail|outlook|yahoo|icloud)\b, ?(?:my )?(?:user)?name is [a-z0-9]+[._][a-z0-9._-]{2,}`,
	`[a-z0-9]{2,}[._][a-z0-9._-]{2,}[^.!?\n]{0,30}\b(?:usual|the|that) (?:google|g ?mail|yahoo|outlook|hotmail) one\b`,
	`邮箱(?:是|用)?(?:qq|网易|163|126|谷歌|新浪)的?[^。！？\n]{0,6}(?:前面|名字|账号|号)(?:是)? ?[a-z0-9._-]{5,}`,
	// peter.wolf before the at: posteo.de
	`(?:before|in front of|ahead of|after|behind) (?:the |that |an? )?(?:little )?(?:at\b|@|at[- ]sign|at symbol|a with|a in a|snail|swirl)[^!?\n]{0,24}[a-z0-9-]{2,}[._][a-z0-9-]{2,}`,
	`[a-z0-9-]{2,}[._][a-z0-9-]{2,}[^!?\n]{0,24}(?:before|in front of|ahead of) (?:the |that |an? )?(?:little )?(?:at\b|@|at[- ]sign|at symbol|a with|a in a)`,
	`@ ?` + mailHostNames + `\.[a-z]{2,3}[^!?\n]{0,24}(?:in front|before|ahead of|前面)[^!?\n]{0,16}[a-z0-9]`,
	`[a-z0-9]{1,20}[._][a-z0-9._-]{1,30},? (?:then|and then|and|plus|followed by) (?:at |@ ?)?` + mailHostNames + `\.[a-z]{2,3}\b`,
	`(?:first|last|given|sur|family) ?-?name (?:dot|underscore|then a dot|period|hyphen) (?:my )?(?:first|last|given|sur|family) ?-?name`,
	`\b` + mailHostNames + `\b[^.!?\n]{0,30}\b(?:user|user ?name|nick|login|handle)(?: is|:) ?[a-z0-9]{2,}[._][a-z0-9._-]{2,}`,
	`(?:名字|用户名|前缀|前面)(?:是|:|：| )*[a-z0-9._-]{3,}[^。！？\n]{0,10}(?:@|艾特|圈a|小老鼠)`,
	`[a-z0-9._-]{3,} ?(?:符号|加个?|再加|然后) ?@[^a-z0-9。！？\n]{0,12}[a-z0-9-]{2,}\.(?:com|cn|net|org)\b`,
	`[a-z0-9#*~^%]+ ?(?:is|means|=|stands for|equals) (?:an? |the )?@(?:$|[^a-z0-9])`,
	// the gmail of mikes brakes 4 u
	`\bthe (?:gmail|hotmail|outlook|yahoo|icloud) of [a-z0-9]`,
	// carlo underscore verdi on gee mail
	`\b(?:gee|jee|gi|hawt|hot)[ -]?(?:mail|male|mayl|mall)\b[^.!?\n]{0,30}(?:underscore|\bdot\b|\bhyphen\b|[a-z0-9]{2,}[._][a-z0-9]{2,})`,
	`(?:underscore|\bdot\b|\bhyphen\b|\bperiod\b|[a-z0-9]{2,}[._][a-z0-9]{2,})[^.!?\n]{0,30} (?:at|on|over at) (?:the |my |that )?(?:gee|jee|hot|g|hawt) ?-?(?:mail|male)\b`,
	// 邮箱：tom点chan点1990
	`(?:邮箱|信箱|谷歌邮|e-?mail)[：:，, ]{0,3}(?:前面|名字|用户名|账号|名)?(?:是|为|:|：)? ?[a-z0-9]{2,}(?: ?(?:点|下划线|底线|杠|横杠|减号) ?[a-z0-9]+)+`,
	`(?:全拼|拼音|缩写|首字母|英文名)[^。！？\n]{0,8}(?:网易|谷歌|新浪|雅虎|搜狐|qq|扣扣|163|126|一六三|一二六|gmail|foxmail|outlook)的?(?:邮箱|信箱|邮)`,
	`邮箱(?:就)?是我?的?(?:qq号|扣扣号|手机号?|电话号?|店名|微信号)[^。！？\n]{0,8}(?:加|@|艾特|后面|qq|163|126)|邮箱就是我?的?(?:qq号|扣扣号|微信号)`,
	`(?:邮箱|信箱)[^。！？\n]{0,20}(?:全拼|拼音|缩写|首字母)[^。！？\n]{0,20}(?:网易|一二六|一六三|126|163|qq|扣扣|新浪|谷歌|gmail|那个)`,
	`(?:新浪|网易|搜狐|雅虎|谷歌|腾讯|阿里云)(?:邮箱)? ?(?:点|\.|。|、) ?(?:com|cn|net)\b`,
	`(?:hotmail|gmail|outlook|yahoo|icloud|163|126|qq)(?:邮箱|信箱)?(?:是|:|：| )+[a-z0-9._-]{2,}[^。！？\n]{0,12}(?:小老鼠|艾特|圈a|前面|后面|再加)`,
	`(?:空格|星号|横线|井号|#|\*|-)(?:换成|改成|变成|替换成|换|改)(?:一个|个)?(?:艾特|@|at|圈a)[^a-z0-9]{0,6}[a-z0-9._-]{3,}[ *#-][a-z0-9-]{2,}(?:\.|点)(?:com|cn|net|org)\b`,
}

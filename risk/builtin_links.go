package risk

// spelledLinks are ways to write the address of a page with other signs or words, or to say
// how to put it right. How long a name may be is bounded, so that only what stands near a
// dot is read.
var spelledLinks = []string{
	`\b[a-z][a-z0-9-]{3,30} dotcom\b|\b[a-z][a-z0-9-]{4,30}(?:,,|,,,|●|•|·|…)(?:com|net|org|shop|store)\b|\bwww[ ,]\s?[a-z0-9-]{3,30}[ ,]\s?(?:com|net|org|cn|shop|store)\b|\b[a-z]{4,30}[,，](?:com|net|org|cn|shop|top|vip|xyz)\b|\b[a-z0-9][a-z0-9-]{2,30}\s{0,3}(?:[(\[{]\s{0,3}(?:dot|点)\s{0,3}[)\]}]|\bdot\b|\bpunto\b|点|\[\.\]|\(\.\)| \.)\s{0,3}(?:com|net|org|cn|shop|xyz|top|vip|cc|io)\b`, `\bhxxps?:\S+`, `[a-z0-9]%2e[a-z]{2,}|[a-z0-9]%40[a-z0-9]|[a-z0-9]{3,}\\\.(?:com|net|org|shop|store|deals|[a-z]{2})\b`,
	`\b(?:com|net|org|shop|store)\b[^.!?\n]{0,24}\bwith (?:the |a )?dots?\b|\b(?:put|add|insert|place|stick|needs?) (?:in )?(?:a |the |one |two )?(?:dot|full stop|period)s? (?:before|between|in front of|in between|where|instead)\b|\b(?:with|and|plus|then|put|add) (?:a )?(?:dot )?(?:com|net|org|ru|cn|shop|store|de|uk|sg) (?:at|on) the end\b`,
	`\b[a-z0-9-]{3,30},? c o m\b|\b(?:youtube|discord|instagram|facebook|shopee|carousell|etsy|pinterest|amazon|ebay|wixsite|tinyurl|bitly|google|goo|taobao|tiktok|medium|lazada|depop|vinted|gumtree|weidian|bilibili|yangkeduo|linktr|t)[ ,/\\.-]{1,3}(?:com|gg|s ?g|co|link|ee|ly|gl|my|net|cn)(?: ?[/@]|[ -]slash)`,
	`\b(?:add|put|with|type|then|stick) (?:a |the )?["'(]?\.(?:com|net|org|shop|store|[a-z]{2})["')]? (?:after|behind|to the end|at the end|on the end)|\byou know the (?:dot ?)?(?:com|net|org|ending)\b|[a-z0-9-]{2,}\.[a-z0-9]{2,}[^.!?\n]{0,16}\b(?:[a-z]-)?[a-z] not (?:an? )?[0-9]|\b(?:hyphen|dash|space|star|slash)(?:e?s)? (?:to|into|as) (?:a )?dots?\b`,
	`(?:全拼|拼音|缩写|首字母|后面)[^。！？\n]{0,4}加(?:个|上)?["“]?\.?(?:com|cn|net|cc|vip|top|shop)\b|[a-z0-9] ?空格 ?(?:点|\.)? ?(?:空格)? ?(?:com|cn|net|cc|top|vip)|(?:com|net|cn|cc|vip|shop|top|co)[^a-z。！？\n]{0,8}(?:斜杠|斜线|空格|横线|星号|符号|括号|逗号|表情)(?:都|全)?(?:去掉|删掉|删了|不要|拿掉)|[a-z0-9-]{3,}[^a-z0-9。！？\n]{1,14}(?:不要|去掉|别要) ?\.(?:com|cn|net|cc|vip|top)\b|\.(?:com|cn|net|cc|vip|top)[^a-z。！？\n]{1,8}(?:去掉|拎走|删掉)`,
	`\b(?:comma|star|asterisk|dash|hyphen|hash|space|blank|underscore|bullet|circle|ball|emoji)s? (?:is|are|means?|stands? for|equals?|=) ?(?:an? |the )?(?:dot|full stop|period)s?\b|[a-z0-9-]{3,40}[^a-z\n]{0,4}(?:com|net|cn|vip|top|shop|xyz|cc)[^a-z0-9。！？\n]{1,6}[^。！？\n]{1,3}(?:是|=|就是|代表|当|换成)(?:一?个)?点`,
	`\bw w w ?\.? ?[a-z0-9-]{3,30} ?\. ?[a-z]{2,6}\b|\b[a-z0-9-]{3,30}\.{2,6}(?:com|net|cn|xyz|vip|club)\b|\busual (?:three|3)[ -]letter ending\b|\b(?:swap|replace|change) (?:the )?(?:star|asterisk|dash|hyphen|hash)s? (?:for|with|to|by) (?:a )?dots?\b|\b(?:replace|swap|change) [a-z0-9] (?:for|with|by) (?:a )?dots?\b|\bthen (?:a )?dot,? then \b|\bthree w'?s\b|\bhxxps? [a-z]|\bgoogle [a-z' ]{3,30} and (?:take|click|open|tap) the first\b`,
	`\busual (?:three|3)[ -]letters?\b|\bthe usual ending\b|\bletters after a dot\b|\bdot com (?:version|of my)\b|\b(?:pastebin|linktree|tinyurl|carrd|notion|google (?:docs|forms|drive)) (?:forward )?slash [a-z0-9]|\bt\.? ?me\b[^.!?\n]{0,40}\bslash\b`,
	`(?:浏览器|网址|独立站)[^。！？\n]{0,24}(?:点|\.|。|丨|。) ?[【\[(「"]?(?:com|net|cn|vip|top|shop|xyz|cc|store|io|tw|hk)\b|点 ?[【\[(「"] ?(?:com|net|cn|vip|top|shop|xyz|cc|store)\b|[a-z0-9]{2,30}[^a-z0-9。！？\n]{0,12}点[，, ]{0,2}(?:com|net|cn|vip|top|shop|xyz|cc|store)[，, ]{0,2}浏览器|(?:加|跟|打|输|敲)(?:一个|个)?点 ?(?:com|cn|net|vip|top|shop|cc|扣[母姆]|康[姆母木]|肯[姆母]|抗[姆母]|空[姆母]|靠[姆母])`,
	`(?:后缀|域名)(?:是|为)?[ ：:]?(?:点|dot|\.)?(?:com|net|cn|vip|top|shop|xyz|cc)\b|前面加www|达不溜|[a-z0-9@*#_)-]{3,40}[^。！？\n]{0,14}(?:换成|改成|就是|变成)个?点(?:[，。,)]|$)|去掉(?:星号|汉字|中文|括号)|[a-z0-9]点网(?:[^页站]|$)|加个?点(?:com|net|cn|shop|top|vip|康姆)|再(?:输|敲|打)(?:入|上)?(?:一)?个?点[，, ]{0,3}(?:com|net|cn|shop|top|再)|[#*]换成点|(?:网页|浏览器|百度|谷歌|必应)(?:上|里)?(?:一下|搜一下|搜)[^。！？\n]{2,20}(?:第一个|(?:别|不要)(?:走|在)这)|(?:中文|汉字|星号)(?:去掉|删掉|删了)`,
}

// What the patterns of pages are made of.
const (
	pageEndings = `(?:com|net|org|cn|co|uk|de|fr|sg|hk|tw|my|shop|store|top|vip|xyz|club|io|cc|site|online)`
	pageSlash   = `,? ?(?:then |and |and then |plus )*(?:a )?(?:forward[ -])?slash,? (?:then )?(?:the )?`
	// pageHosts are platforms that have a page for everybody.
	pageHosts = `(?:instagram|insta|facebook|youtube|tiktok|twitter|telegram|etsy|ebay|pinterest|linktree|linktr ?ee|bitly|bit ?ly|tinyurl|tiny ?url|goo ?gl|shopee|lazada|depop|vinted|gumtree|carousell|patreon|medium|tumblr|reddit|twitch|threads|snapchat|onlyfans|carrd|notion|wixsite|shopify|gofundme|paypal|venmo|weibo|douyin|xiaohongshu|taobao|dwz|t ?me|wa ?me|ig ?me|line ?me|google forms|forms gle)`
)

// hiddenPages are more of them: addresses without their dots, with a broken scheme, or with
// an ending in two parts.
var hiddenPages = []string{
	`\b(?:www|3w|w w w|dub dub dub|dubdubdub|(?:double[ -]?u[ ,]*){3}|three w'?s|三个w|达不溜达不溜达不溜)[ ,.]{1,3}(?:then |点|dot )?[a-z0-9-]{3,30}(?:[ ,]{1,2}(?:then )?[a-z0-9-]{2,30}){0,2}[ ,]{1,2}(?:then )?` + pageEndings + `\b`,
	`\bwww[a-z0-9-]{3,30}(?:com|net|org|cn|couk|comcn),? (?:add|put|with|insert|needs?|mind|and|you|自己|中间|加|补)`,
	`\b(?:h\*\*ps?|h\*\*\*ps?|htp|htps|htttps?|hxxps?|hxxp|hhttps?|htpps?|hppts?|http s|ht tps?|h t t p s?) ?:? ?[/\\]{1,2} ?[a-z0-9]|\bhttps?(?:[/\\]{2}|:[\\]{1,3}|:/|;//|: //|\.//|,//)[a-z0-9]`,
	`\b(?:h ?t ?t ?p|tp)[a-z]? ?:? ?// ?[0-9]{1,3}(?: \.|\. )`,
	`\b` + pageHosts + `(?:\.com| com| dot com)?` + pageSlash + `[a-z0-9]`,
	`\b(?:wame|tme|igme|lineme|linktree|linktr ee|bit ly|goo gl|tiny url)\s?/\s?[a-z0-9]`,
	`\b(?:instagram|insta|facebook|youtube|tiktok|twitter|telegram|etsy|ebay|pinterest|linktree|depop|vinted|shopee|lazada|carousell|tinyurl|bitly|patreon) ?/ [a-z0-9]+(?: ?/ ?[a-z0-9]|$)`,
	`\bt ?[^a-z0-9\n]{1,4} ?m ?e ?(?:/|slash|斜杠) ?[a-z0-9_]{4,}|\bt ?(?:点|dot|[.·⋅,，*。] | [.·⋅,*]) ?(?:cn|co|ly|me) ?(?:/|斜杠|slash) ?[a-z0-9]`,
	`\b(?:telegram|电报)[^!?\n]{0,32} /[a-z][a-z0-9_]{4,}|\(t ?\.? ?m ?e\)`,
	`(?:微博|抖音|小红书|淘宝|油管|推特|脸书|电报|主页)(?:主页)? ?(?:斜杠|斜线) ?[a-z0-9_]{3,}|(?:点|\.) ?(?:com|cn|me|co) ?(?:斜杠|斜线) ?[a-z0-9]`,
	`[a-z0-9-]{3,30}\.(?:c|co|n|ne|o|or|t|to|v|vi|s|sh|sho)[ ,，]{0,2}(?:[+]|加上?个?|补上?个?|再补|再加上?|最后补上?|后面加?|then|plus|and then|add)[ ,"]{0,3}(?:om|m|et|rg|g|op|ip|hop|op|p)\b`,
	`\b(?:google|search|bing|look up)(?: for| us)? ?["'“]?[a-z0-9-]{7,30}["'”]?[ ,]{1,2}(?:the |and take the |click the )?(?:first|top) (?:result|hit|link|one)\b`,
	`(?:百度|谷歌|必应|搜狗|360)(?:里|上|一下)?(?:搜|查)(?:索|一下)? ?["“「]?[a-z0-9-]{5,30}["”」]? ?(?:官网|第一个|首个|第一条)`,
	`\b(?:ig|insta|fb|tg|snap|yt|tt) slash [a-z0-9_.]{5,}`,
	`[a-z0-9-]{3,30}(?:删我|删掉我?|删了|去掉我|别要我|删)\.?` + pageEndings + `\b`,
	// An address in base64.
	`\b[a-z0-9+/]{8,}(?:uy29t|5jb20|lmnvb|lm5ld|uy24)[a-z0-9+/]{0,3}={0,2}(?:[^a-z0-9]|$)`,
	`\bhttps?:[a-z0-9]|\bhttps?:? ?[⁄∕╱]|\bhtt ps? ?:|\b(?:wvvw|vvww|wwvv|vvvvvv|vwvw|wwvw|vvw|wvw)\.[a-z0-9-]{3,}`,
	`%77%77|%2f%2f|%3a%2f|[a-z0-9]{3,30}(?:remove|nospam|delete)\.(?:com|net|org|co|online|shop)\b`,
	`\b(?:face book|insta gram|you tube|tik tok|tele gram|link tree|tiny url|red dit|pin terest)\.? ?(?:com|me|ee|be) ?/|\blin ktr ?ee ?/`,
	`\b(?:etsy|ebay|depop|vinted|shopee|lazada|carousell|gumtree|poshmark|mercari) (?:shop|store|page|profile|seller|username) (?:is called|is named|called|named|is|:)[: ]{1,2}[a-z0-9]{6,}`,
	`#小程序://[^ \n]`,
	`[a-z0-9-]{4,30} ?[(\[{<【][^)\]}>】\n]{0,16}(?:remove|delete|ignore|no ?spam|删|去掉|不要)[^)\]}>】\n]{0,16}[)\]}>】] ?\.? ?` + pageEndings + `\b|[a-z0-9-]{3,30}\.(?:remove|removethis|delete|nospam)\.?(?:com|net|org|co)`,
	`\b[a-z0-9-]{5,30} ?(?:\(com|\(\.com|\( com|\[com|\[\.com|\[ com|\{com|【com|【\.com|\(net\)|\[net\]|\(org|\[org|\(co\.|\[co\.)(?:\.?[a-z]{2,3})? ?[)\]}】]|\b[a-z0-9-]{5,30} ?[+&,]{1,2} ?dot ?com\b`,
}

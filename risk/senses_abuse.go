package risk

// abuseSenses are what insults and threats are made of.
var abuseSenses = vocabulary{
	"you":    `you|you're|youre|your|ur|u|yourself|yours|you lot|this customer|these customers|people like you`,
	"slight": `smarter than you|smarter (?:bricks|rocks|dogs|sheep|goldfish|plants|toasters|shoes)|too (?:thick|stupid|dumb|dense|slow|dim|poor|old|ugly|fat|lazy) to|poor people problems?|little rat|dirty rat|you rat|thick as|village idiot|waste of (?:my|our|everyone's) (?:time|breath)|brain(?:s)? of a|iq of|half a brain|room temperature iq|single brain cell|born stupid|dropped on (?:your|the) head|learn to (?:read|count|write|spell|think)|can't (?:count|read|spell|think)|a child could|even a child|my dog|my cat is|talking to a (?:wall|brick)|you smell|you stink|go cry|boo hoo|cry about it|nobody (?:likes|loves|wants)|yo mama|inbred|peasant|beneath me`,
	"safe":   `said|says|wrote|called|quote|review|policy|report|language|words? like|the word`,

	"zyou":    `你|您|你们`,
	"zbad":    `臭嘴|狗嘴|鸟样|德行|德性|嘴脸|丑态|猪脑|狗脑|蠢样|傻样|穷样|贱样|熊样|怂样|脑子里装|脑容量|脸皮真厚|脸皮厚|给你脸|给脸不要|不要你的脸|长得丑|长得跟|讨厌鬼|烦人精|讨债鬼|吸血鬼|赔钱货|废柴|饭桶|草包|窝囊|孬|怂|滚回|爬开|爬远|死远|有多远|你全家|你妈|你爹|你爸|你娘|你奶奶|你祖宗|你孩子|你女儿|你儿子|你老婆`,
	"zthreat": `都知道|等着|小心点?|走着瞧|别怪我|后果|弄你|找你|堵你|打你|砍|杀|死|残|曝光|人肉|在哪上学|住哪|上门|报复|收拾`,
}

// abuseOffences are the combinations of them.
var abuseOffences = []string{
	"slight/40~you!safe", "zbad+zthreat/40", "zyou+zbad/24",
}

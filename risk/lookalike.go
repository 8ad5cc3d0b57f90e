package risk

import (
	"strings"
	"sync"
	"unicode"

	"go.mau.fi/util/confusable"
)

// latin are letters of other scripts that pass for Latin ones, where UTS #39
// says otherwise or nothing: it compares capitals, while a normalised text has
// none.
var latin = map[rune]byte{
	'а': 'a', 'в': 'b', 'ь': 'b', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'х': 'x', 'у': 'y', 'к': 'k', 'м': 'm', 'н': 'h', 'т': 't', 'і': 'i', 'ѕ': 's', 'ј': 'j', 'ԁ': 'd', 'һ': 'h', 'ԛ': 'q', 'ԝ': 'w', 'ѡ': 'w', 'ш': 'w', 'ѵ': 'v', 'ԍ': 'g', 'ӏ': 'l', 'ё': 'e', 'г': 'r', 'п': 'n', 'и': 'n', 'з': 'e', 'ѳ': 'o', 'є': 'e', 'ц': 'u', 'ғ': 'f',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ω': 'w', 'γ': 'y', 'ζ': 'z', 'μ': 'u', 'σ': 'o', 'ς': 'c', 'δ': 'd', 'λ': 'a', 'π': 'n', 'θ': 'o',
	'ɑ': 'a', 'ɡ': 'g', 'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ŧ': 't', 'ʜ': 'h', 'ᴀ': 'a', 'ʙ': 'b', 'ᴄ': 'c', 'ᴅ': 'd', 'ᴇ': 'e', 'ꜰ': 'f', 'ɢ': 'g', 'ɪ': 'i', 'ᴊ': 'j', 'ᴋ': 'k', 'ʟ': 'l', 'ᴍ': 'm', 'ɴ': 'n', 'ᴏ': 'o', 'ᴘ': 'p', 'ꞯ': 'q', 'ʀ': 'r', 'ꜱ': 's', 'ᴛ': 't', 'ᴜ': 'u', 'ᴠ': 'v', 'ᴡ': 'w', 'ʏ': 'y', 'ᴢ': 'z',
	'ә': 'e', 'ɛ': 'e', 'ɐ': 'a', 'ɔ': 'c', 'ǝ': 'e', 'ɯ': 'm', 'ʍ': 'w', 'ʇ': 't', 'ʎ': 'y', 'ɹ': 'r', 'ɥ': 'h', 'ʞ': 'k', 'ɓ': 'b', 'ɗ': 'd', 'ƙ': 'k', 'ƭ': 't', 'ɦ': 'h', 'ŋ': 'n', 'ք': 'p', 'ց': 'g', 'ո': 'n', 'հ': 'h', 'ս': 'u', 'ɱ': 'm', 'ȼ': 'c', 'ƀ': 'b', 'ɨ': 'i', 'ʉ': 'u', 'ʋ': 'v', 'ɋ': 'q',
	'€': 'e', '£': 'l', '¥': 'y', '₩': 'w', '¢': 'c', '₿': 'b', '₮': 't', '₱': 'p', '฿': 'b', '₴': 's', '₦': 'n', '₵': 'c', '₳': 'a', '₭': 'k', '₲': 'g',
	'ƨ': 's', 'ɒ': 'a', 'ʌ': 'a', 'ᴧ': 'a', 'ɜ': 'e', 'ɝ': 'e', 'ɞ': 'e', 'ʚ': 'e', 'ʒ': 'z', 'ʓ': 'z', 'ȝ': 'z', 'ɤ': 'y', 'ʊ': 'u', 'ɷ': 'w', 'ɮ': 'l', 'ʃ': 's', 'ʗ': 'c', 'ʘ': 'o', 'ƣ': 'q', 'ξ': 'e', 'φ': 'o', 'ϕ': 'o', 'ψ': 'w',
	'я': 'r', 'д': 'd', 'л': 'n', 'э': 'e', 'ъ': 'b', 'ђ': 'h', 'њ': 'h', 'џ': 'u', 'ч': 'y', 'щ': 'w', 'ж': 'x', 'б': 'b', 'ф': 'o', 'ҝ': 'k', 'ҡ': 'k', 'ӄ': 'k', 'ҥ': 'h', 'ҙ': 'e', 'ԏ': 't', 'ԃ': 'd', 'ԉ': 'n', 'թ': 'p', 'ժ': 'd', 'ի': 'h', 'լ': 'l', 'կ': 'k', 'մ': 'u', 'յ': 'j', 'շ': 'z', 'վ': 'u', 'ե': 't', 'է': 't', 'բ': 'p', 'զ': 'q',
	'¡': 'i', '×': 'x', '℮': 'e', '∂': 'd', '∪': 'u', '∨': 'v', '⊤': 't', '☓': 'x', '✕': 'x', '✖': 'x', 'ツ': 'y',
}

// latinForms are forms of Latin letters with strokes, hooks and tails, which UTS #39 does not
// compare, behind the letter.
const latinForms = "aᶏẚⱥ bᴃᵬᶀꞗ cƈɕꜿꞓꞔ dȡᵭᶁᶑꝺ eɘᶒⱸⱻꬳꬴ fᶂꝼ gʛᵷᵹꝿꞡꬶ hʮʯꞕ iᴉᶖ jȷɟʄ kᶄꝃꝅꞣ lŀȴɬᴌᶅⱡꝇꝉꞁꞎꬷꬸꬹ mɰᴟᵯᶆꟺꬺ nȵᴎᶇꞑꞥꬻ oᴓⱺꝍ pᵱᶈꝑꝓꝕ qꝗꝙ rɺɻɾɿʁᴙᴚᵳᶉⱹꝛꞃꞧꭆꭉꭋꭌ sȿᶊẜꞅꞩ tƫȶꞇ uᴝᶙꞹ vⱱⱴꝟ wⱳ xᶍꭖꭗꭘꭙ zɀʑᶎⱬꝣ"

// confusables are the Latin letters that characters beyond ASCII look like, by the
// character.
var confusables = sync.OnceValue(func() *[planes]byte {
	t := new([planes]byte)
	for r := rune(0x80); r < planes-1; r++ {
		if isHan(r) || unicode.IsDigit(r) {
			continue
		}
		if c := latinOf(confusable.GetReplacement(r)); c != 0 {
			t[unicode.ToLower(r)] = c
		}
	}
	for forms := range strings.FieldsSeq(latinForms) {
		for _, r := range forms[1:] {
			t[r] = forms[0]
		}
	}
	for r, c := range latin {
		t[r] = c
	}
	return t
})

// looksLike is the Latin letter that r looks like, or 0.
func looksLike(r rune) byte {
	if r >= planes {
		return 0
	}
	return confusables()[r]
}

// latinOf is the one Latin letter of a skeleton, marks aside, or 0. The
// skeletons of digits are no letters: numbers are read before this.
func latinOf(skeleton string) byte {
	var c byte
	for _, r := range skeleton {
		switch {
		case r < 0x80 && unicode.IsLetter(r) && c == 0:
			c = strings.ToLower(string(r))[0]
		case unicode.In(r, unicode.Mn, unicode.Me):
		case r >= 0x80 && c == 0 && latin[unicode.ToLower(r)] != 0:
			c = latin[unicode.ToLower(r)]
		default:
			return 0
		}
	}
	return c
}

// simple maps traditional Chinese characters that occur in rules to the
// simplified ones in which those are written.
var simple = func() (t [0xa000 - 0x4e00]uint16) {
	pairs := []rune("掃扫賴赖癡痴儍傻鏟铲幹干賺赚穩稳羣群壞坏婦妇孫孙學学寶宝幫帮幣币廢废從从憑凭據据擾扰敗败數数斷断時时殺杀沒没爛烂獨独瘋疯療疗眾众確确禮礼與与興兴筆笔節节罰罚權权樂乐種种積积癥症瀏浏覽览標标擔担轉转賬账帳账號号電电話话機机聯联繫系係系絡络錢钱銀银個个紅红給给發发請请這这價价應应碼码訂订單单線线評评現现圖图滾滚媽妈腦脑殘残廢废證证臉脸書书飛飞費费戶户匯汇過过繞绕開开門门來来對对後后嗎吗頭头無无萬万億亿兩两貳贰參叁陸陆協协實实說说認认識识讓让詳详談谈還还進进遠远運运邊边陽阳際际險险隨随雙双離离難难專专寫写劃划劉刘動动勝胜務务區区醫医協协壓压報报場场處处備备夠够夢梦失失嗎吗員员問问團团園园國国圓圆報报獎奖獲获優优傳传傭佣儘尽償偿儲储內内決决況况淨净減减創创別别刪删劑剂劵券勞劳勢势勵励勸劝卻却廠厂廳厅參参雲云亞亚產产親亲貨货質质購购買买賣卖責责貼贴資资賠赔賤贱贈赠贏赢趕赶軟软載载輕轻輸输辦办適适選选郵邮鄰邻釋释針针鈔钞鋪铺錄录鍵键閉闭間间隊队雜杂雞鸡電电靈灵靜静響响頁页項项順顺須须預预領领題题額额願愿類类風风飯饭餘余館馆騙骗騰腾驗验體体髒脏鬧闹魚鱼鳥鸟麗丽點点黨党齊齐龍龙統统結结絕绝絲丝經经綁绑維维綠绿網网緊紧線线編编練练縮缩總总績绩織织續续罵骂義义習习聊聊聰聪聽听職职脫脱膚肤臨临舉举舊旧艙舱藥药蘋苹處处蟲虫術术衛卫裝装補补複复見见規规視视覺觉觀观訊讯討讨訓训記记訪访設设許许訴诉診诊詐诈詞词試试詢询該该誌志語语誠诚誤误課课調调諒谅諾诺講讲謝谢謹谨讀读變变豐丰貝贝負负財财貪贪貴贵費费貿贸賀贺賓宾賞赏賬账賭赌跡迹踐践輛辆輪轮轉转農农連连週周達达違违遞递遲迟遷迁還还醜丑釣钓鉤钩銷销鎖锁鏈链鐘钟長长閒闲閱阅閃闪關关陰阴陳陈階阶雖虽霧雾顏颜顧顾顯显餐餐馬马駕驾驚惊髮发鬥斗鮮鲜麥麦黃黄萊莱瑪玛薩萨偉伟韋韦葦苇釘钉鵝鹅頻频盤盘羅罗紮扎樹树蘿萝嗶哔倉仓籟籁瀨濑歐欧搶抢臺台聲声誰谁兒儿導导")
	// Rare characters that pass for common ones.
	pairs = append(pairs, []rune("徴微伩信収收歀款傚效迯退夲本亽人疍蛋")...)
	for i := range t {
		t[i] = uint16(0x4e00 + i)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		t[pairs[i]-0x4e00] = uint16(pairs[i+1])
	}
	return t
}()

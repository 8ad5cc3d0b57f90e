package risk

import (
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// vocabulary is lists of words by name, of which forms are made.
type vocabulary map[string]string

// forms writes patterns out. In a form <name> stands for any word of that list
// of the vocabulary, whose words are parted by bars; "…" stands for up to 30 bytes
// of the same sentence, and "⇄" for the same in either order of what stands on
// its sides. A pattern that grows too long is parted into several.
func (v vocabulary) forms(list ...string) []string {
	var out []string
	for _, f := range list {
		if a, b, both := strings.Cut(f, "⇄"); both {
			out = append(out, v.forms(a+"…"+b, b+"…"+a)...)
			continue
		}
		out = append(out, v.write(strings.ReplaceAll(f, "…", gapForm))...)
	}
	return out
}

// gapForm is what "…" stands for.
const gapForm = `[^.!?\n。！？；;]{0,30}?`

var nameForm = regexp.MustCompile(`<([a-z_]+)>`)

// write puts the words into one form.
func (v vocabulary) write(form string) []string {
	whole := nameForm.ReplaceAllStringFunc(form, func(name string) string { return "(?:" + v.words(name) + ")" })
	if len(whole) <= MaxPattern && instructions(whole) <= MaxProgram {
		return []string{whole}
	}
	// Alternatives of the form, or else the longest list, are cut in two.
	if parts := splitWords(form); len(parts) > 1 {
		half := len(parts) / 2
		return append(v.write(strings.Join(parts[:half], "|")), v.write(strings.Join(parts[half:], "|"))...)
	}
	names := nameForm.FindAllString(form, -1)
	longest := slices.MaxFunc(names, func(a, b string) int { return len(v.words(a)) - len(v.words(b)) })
	words := splitWords(v.words(longest))
	half := len(words) / 2
	name := strings.Trim(longest, "<>")
	parted := maps.Clone(v)
	parted[name+"_a"], parted[name+"_b"] = strings.Join(words[:half], "|"), strings.Join(words[half:], "|")
	return append(parted.write(strings.Replace(form, longest, "<"+name+"_a>", 1)), parted.write(strings.Replace(form, longest, "<"+name+"_b>", 1))...)
}

// instructions is how long a pattern's program is.
func instructions(pattern string) int {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0 // the rules' compiler says what is wrong with it
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return 0
	}
	return len(prog.Inst)
}

// words are those of a list, with the lists that it names itself.
func (v vocabulary) words(name string) string {
	return nameForm.ReplaceAllStringFunc(v[strings.Trim(name, "<>")], func(inner string) string { return v.words(inner) })
}

// splitWords parts a list at the bars that stand in no brackets.
func splitWords(list string) []string {
	var out []string
	depth, from := 0, 0
	for i, c := range list {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, list[from:i])
				from = i + 1
			}
		}
	}
	return append(out, list[from:])
}

// disguises are other ways to write a character of Chinese words that people
// hide: in Latin letters, as one that sounds or looks alike, as a picture, cut
// into its parts.
var disguises = func() map[rune][]string {
	m := map[rune][]string{}
	for entry := range strings.FieldsSeq(`
		傻=sha,儍,s 逼=bi,b,比,币,屄,🅱️ 比=bi 脑=nao 残=can,🦽,c 智=zhi,zz 障=zhang,杖 弱=ruo 白=bai 痴=chi,吃 废=fei,费,f 物=wu,牜勿 垃=la 圾=ji 人=ren,亽 滚=gun,🎳 蛋=dan,🥚,疍
		妈=ma,马,麻,玛,🐴,🐎,女马,m 操=cao,草,曹,艹,肏 日=ri 狗=gou,🐶,🐕 猪=zhu,🐷,🐖 王=wang 八=ba,🎱 龟=gui,🐢 孙=sun 杂=za 种=zhong,禾中 贱=jian,剑,箭 货=huo 婊=biao,表 婆=po 混=hun 账=zhang 蠢=chun 死=si,亖,💀 全=quan 家=jia
		杀=sha 砍=kan 弄=nong 打=da 神=shen 经=jing 病=bing 畜=chu 生=sheng 娘=niang 干=gan 骗=pian 装=zhuang 闭=bi 嘴=zui,👄 屁=pi 屎=shi,💩 你=ni,nǐ
		支=zhi,吱,芝,之,枝,只 付=fu,忖,讠寸,亻寸 宝=bao,寳 微=wei 信=xin,伩,亻言,訁,✉️ 银=yin,ying 行=hang 卡=ka 现=xian 金=jin 红=hong 包=bao,苞,饱 转=zhuan,专,砖 账=zhang,张,帐 款=kuan,歀 码=ma,马,玛,🐎 收=shou 验=yan 证=zheng,讠正 密=mi 平=ping 台=tai
		汇=hui 西=xi 联=lian 话=hua 费=fei 比=bi 特=te 币=bi,b 扫=sao,扌彐 二=er 维=wei 加=jia 好=hao,女子 友=you 电=dian 返=fan,反 评=ping,讠平 差=cha 保=bao 赚=zhuan 稳=wen 治=zhi,冶 愈=yu 百=bai 根=gen 零=ling 风=feng,凤 险=xian 效=xiao,傚 退=tui,迯 本=ben,夲 息=xi
	`) {
		c, ways, _ := strings.Cut(entry, "=")
		r := []rune(c)[0]
		m[r] = append(m[r], strings.Split(ways, ",")...)
	}
	return m
}()

// disguised are words with one of their characters written otherwise.
func disguisedWords(words ...string) []string {
	var out []string
	for _, w := range words {
		r := []rune(w)
		for k, c := range r {
			for _, way := range disguises[c] {
				if len(r) < 3 && len([]rune(way)) == 1 && way[0] < 0x80 {
					continue // a letter says too little in a short word
				}
				if hidden := string(r[:k]) + way + string(r[k+1:]); normalised(hidden) != normalised(w) {
					out = append(out, hidden)
				}
			}
		}
		if len(r) <= 4 {
			out = append(out, pinyin(r)...)
		}
	}
	return out
}

// pinyin is a word in Latin letters, in one piece and in syllables, if they are
// known and long enough to be no English word.
func pinyin(word []rune) []string {
	syllables := make([]string, len(word))
	for k, c := range word {
		if ways := disguises[c]; len(ways) > 0 {
			syllables[k] = ways[0]
		}
		if syllables[k] == "" {
			return nil
		}
	}
	whole := strings.Join(syllables, "")
	if len(whole) < 6 {
		return nil
	}
	return []string{whole, strings.Join(syllables, " ")}
}

// masked are words with letters hidden behind signs, cut in two, or written as
// people do who want to be read and not caught.
func masked(words ...string) []string {
	var out []string
	for _, w := range words {
		for k := 1; k+1 < len(w); k++ {
			for _, sign := range []string{"*", "#", "@", "%", "-", "_", ".", "?", "©", "^"} {
				out = append(out, w[:k]+sign+w[k+1:])
			}
			if len(w) >= 5 || k > 1 {
				out = append(out, w[:k]+" "+w[k:])
			}
			if k+2 < len(w) {
				out = append(out, w[:k]+"**"+w[k+2:])
			}
		}
		out = append(out, w[:1]+strings.Repeat("*", len(w)-2)+w[len(w)-1:])
	}
	return out
}

// cutInTwo are words with a blank in one of their places.
func cutInTwo(words ...string) []string {
	var out []string
	for _, w := range words {
		for k := 1; k < len(w); k++ {
			out = append(out, w[:k]+" "+w[k:])
		}
	}
	return out
}

// cutInThree are words with two blanks inside.
func cutInThree(words ...string) []string {
	var out []string
	for _, w := range words {
		for k := 2; k < len(w)-1; k++ {
			for j := k + 2; j < len(w); j++ {
				out = append(out, w[:k]+" "+w[k:j]+" "+w[j:])
			}
		}
	}
	return out
}

// misspelt are words cut in two, with a letter left out or doubled, and with two
// in the wrong order: what a typing error makes, or somebody who wants it to look
// like one. Their first letters stay.
func misspelt(words ...string) []string {
	out := cutInTwo(words...)
	for _, w := range words {
		for k := 1; k < len(w); k++ {
			out = append(out, w[:k]+w[k+1:], w[:k]+w[k:k+1]+w[k:])
			if k+1 < len(w) && w[k] != w[k+1] {
				out = append(out, w[:k]+w[k+1:k+2]+w[k:k+1]+w[k+2:])
			}
		}
	}
	return out
}

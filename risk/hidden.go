package risk

import (
	"bytes"
	"unicode/utf8"
)

// shortestTurned is how many bytes a Chinese name has that is believed backwards.
const shortestTurned = len("支付宝")

// hiddenNames finds names that stand in the text only when it is read as somebody
// hid it: nobody who means no harm writes w1se or v-e-n-m-o.
func hiddenNames(kind cueKind) func(s *scan, v *view, d *detectorRun) {
	return func(s *scan, v *view, d *detectorRun) {
		for _, c := range s.cues {
			if c.cue != kind || s.spend(8+len(s.plain.buf)/64) {
				continue
			}
			if name := v.buf[c.start:c.end]; v.kind&(mirroredView|reversedView) != 0 && name[0] >= utf8.RuneSelf && len(name) < shortestTurned {
				continue // two characters stand in either order
			}
			if v.kind == plainView {
				if v.ornate(c.start, c.end) || v.accented(c.start, c.end) {
					s.found(v, d.rule, c.start, c.end, nil)
				}
				continue
			}
			if !bytes.Contains(s.plain.buf, v.buf[c.start:c.end]) {
				s.found(v, d.rule, c.start, c.end, nil)
			}
		}
	}
}

// accented reports whether a third of the letters of [a,b) or more, and two at least, were
// written with accents, or as letters of other scripts: ìñstágràm.
func (v *view) accented(a, b int) bool {
	if len(v.at) == 0 {
		return false
	}
	n := 0
	for k := a; k < b; k++ {
		if at := v.at[k]; isLetter(v.buf[k]) && at.start >= 0 && at.end == at.start+2 {
			n++
		}
	}
	return n > 1 && 3*n >= b-a
}

// ornate reports whether all of [a,b) was written in letters that are no ordinary ones,
// nor the wide ones of Chinese keyboards: 𝐖𝐞𝐂𝐡𝐚𝐭.
func (v *view) ornate(a, b int) bool {
	if len(v.at) == 0 {
		return false
	}
	for k := a; k < b; k++ {
		if n := v.at[k].end - v.at[k].start; v.at[k].start < 0 || n < 4 && (n < 2 || !isLetter(v.buf[k])) || n == 3 {
			return false
		}
	}
	return true
}

// hiddenMessengers are names of messengers that no other word looks like.
var hiddenMessengers = []string{
	"wechat", "weixin", "whatsapp", "telegram", "instagram", "insta", "snapchat", "facebook", "messenger", "discord", "viber", "kakao", "kakaotalk", "skype", "zalo", "signal username", "line", "weibo", "douyin",
}

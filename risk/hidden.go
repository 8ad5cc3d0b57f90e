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
			if !bytes.Contains(s.plain.buf, v.buf[c.start:c.end]) {
				s.found(v, d.rule, c.start, c.end, nil)
			}
		}
	}
}

// hiddenMessengers are names of messengers that no other word looks like.
var hiddenMessengers = []string{
	"wechat", "weixin", "whatsapp", "telegram", "instagram", "insta", "snapchat", "facebook", "messenger", "discord", "viber", "kakao", "kakaotalk", "skype", "zalo", "signal username", "line", "weibo", "douyin",
}

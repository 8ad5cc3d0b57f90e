package risk

import "bytes"

const (
	// maxLead and maxTail are how many bytes of words may stand before and
	// after the digits of a message that goes on with a number.
	maxLead = 24
	maxTail = 12
	// maxSplit is how long, normalised, a message may be that is read together
	// with those before it.
	maxSplit = 64
	// maxBetweenPieces is how many messages without digits may stand between
	// the pieces of a number.
	maxBetweenPieces = 2
)

// split reads the message after what its sender wrote in the last minute: what
// was cut into pieces that were sent one by one is found where its last piece
// comes.
func (s *scan) split(w *Window) {
	if len(s.plain.buf) > maxSplit || len(s.plain.buf) == 0 {
		return
	}
	oldest := s.context.At.Add(-windowFor).UnixMilli()
	from := w.n
	for from > 0 && w.fragments[from-1].at >= oldest {
		from--
	}
	before := w.fragments[from:w.n]
	if len(before) == 0 {
		return
	}
	s.pieced = true
	if s.plain.hasAt || s.plain.hasDot || s.triggers[triggerMark] > 0 || len(s.plain.buf) <= maxEnding {
		s.splitAddress(before)
	}
	s.splitNumber(before)
	s.splitWords(before)
	s.splitNamed(before)
	s.pieced = false
}

// isPause reports whether a message only says that its writer goes on.
func isPause(b []byte) bool {
	b = bytes.Trim(b, " .,!?~…")
	return len(b) <= longestPause && isIn(pauses, b)
}

// pauses are such messages.
var pauses = wordSet(
	"ok", "okay", "k", "wait", "sorry", "so", "sec", "1 sec", "one sec", "a sec", "one second", "1 second", "just a sec", "hold on", "hang on", "one moment", "moment", "1 min", "1 moment", "one min", "got it", "got that", "yes", "yep", "yeah", "right", "then", "and", "and then", "next", "continue", "continued", "hmm", "hm", "um", "uh", "er", "typing", "more", "oops", "lol", "haha", "ready", "you there", "still there", "with me", "noted", "done", "well", "you know", "let me see", "almost", "now", "also", "plus",
	"嗯", "嗯嗯", "好", "好的", "稍等", "等下", "等一下", "等等", "然后", "接着", "还有", "哦", "噢", "哈哈", "在吗", "记下了吗", "记好", "记住", "收到吗", "看到吗", "再", "继续", "那个", "对", "是的", "接下来", "马上", "别急", "打字中", "啊", "呃", "额",
)

// longestPause is how long the longest of them is.
const longestPause = 15

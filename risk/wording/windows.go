package wording

const (
	// longestWindow is how many tokens a window has at most, unless one sentence has more,
	// and windowStep how many lie at least between the beginnings of two.
	longestWindow = 40
	windowStep    = 16
	// alone is how much less one or two sentences of a window count by themselves: what is
	// said around them may show that they are no offence, but does not hide one.
	alone = 20
	// smoothing is added to the square of a window's length.
	smoothing = 1_000
)

// eachWindow calls found with the sentences [from,to) that are judged together. A text of
// less than a window is one; of a longer one windows overlap. ends are the places behind
// each sentence's last token.
func eachWindow(ends []int32, found func(from, to int)) {
	starts := func(k int) int32 {
		if k == 0 {
			return 0
		}
		return ends[k-1]
	}
	for from, to := 0, 0; to < len(ends); {
		for to < len(ends) && (to <= from || ends[to]-starts(from) <= longestWindow) {
			to++
		}
		found(from, to)
		if to == len(ends) {
			return
		}
		// The next begins some way on, and holds the sentence that found no room.
		begin := starts(from)
		for from++; from < to && (starts(from)-begin < windowStep || ends[to]-starts(from) > longestWindow); from++ {
		}
	}
}

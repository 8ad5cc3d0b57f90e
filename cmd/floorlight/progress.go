package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/cheggaaa/pb/v3"
	"github.com/mattn/go-isatty"
)

// plainEvery is how often progress is told where there is no terminal.
const plainEvery = 10 * time.Second

// progress shows how far something is: a bar on a terminal, else a line now and
// then. It belongs to one goroutine.
type progress struct {
	out   io.Writer
	now   func() time.Time
	began time.Time
	told  time.Time
	total int64 // of what done counts; 0 if it is not known
	noun  string
	bar   *pb.ProgressBar // nil where there is no terminal
}

// barTemplate leaves the bar room for what is counted.
const barTemplate pb.ProgressBarTemplate = `{{ string . "counted" }} {{ bar . }} {{ percent . }} {{ rtime . "%s left" }}`

// newProgress counts to total, in whatever unit, and tells of so many nouns.
func newProgress(out io.Writer, total int64, noun string) *progress {
	p := &progress{out: out, now: time.Now, total: total, noun: noun}
	p.began = p.now()
	p.told = p.began
	if isTerminal(out) {
		p.bar = barTemplate.New(0).SetTotal(total).SetWriter(out).Set("counted", "").Start()
	}
	return p
}

// at says how far it is: done of total, and how many nouns that were.
func (p *progress) at(done int64, count int) {
	now := p.now()
	counted := p.counted(count, now)
	if p.bar != nil {
		p.bar.Set("counted", counted).SetCurrent(done)
		return
	}
	if now.Sub(p.told) < plainEvery {
		return
	}
	p.told = now
	line := counted
	if p.total > 0 && done > 0 {
		line += fmt.Sprintf(", %d %%", done*100/p.total)
		if left := time.Duration(float64(now.Sub(p.began)) * float64(p.total-done) / float64(done)); left > 0 {
			line += ", " + left.Round(time.Second).String() + " left"
		}
	}
	_, _ = fmt.Fprintln(p.out, line) // as with complain, there is nobody else to tell
}

func (p *progress) counted(count int, now time.Time) string {
	rate := 0.0
	if s := now.Sub(p.began).Seconds(); s > 0 {
		rate = float64(count) / s
	}
	return fmt.Sprintf("%s %s, %s/s", grouped(int64(count)), p.noun, grouped(int64(rate+0.5)))
}

// end leaves the terminal as it was.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Finish()
	}
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// grouped writes a number with commas between its thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(text) - 3; i > first; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

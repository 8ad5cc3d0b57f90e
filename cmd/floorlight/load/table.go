package load

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

const columns = "%9s %9s %8s %8s %9s %9s %9s %9s %8s %6s %8s %6s %9s\n"

// Table tells how a run goes: a row for each interval, and on a terminal a bar
// below that shows the time. It belongs to one goroutine.
type Table struct {
	Out      io.Writer
	Bar      bool          // Out is a terminal
	Duration time.Duration // of the load
	Every    time.Duration // of the rows

	began bool
	rows  time.Duration // when the last row was told
	phase string
}

// Moment tells one.
func (t *Table) Moment(m Moment) {
	if t.Bar {
		t.printf("\r\x1b[K")
	}
	if !t.began {
		t.began = true
		t.printf(columns, "", "events/s", "ack p50", "p99 ms", "frames/s", "frame p50", "p99 ms", "check p50", "p99 ms", "cores", "MiB", "tick", "history")
	}
	if m.Phase != t.phase {
		t.phase, t.rows = m.Phase, 0
		t.printf("%s\n", map[string]string{"connect": "the sockets come in", "load": "the load", "compare": "everything is compared"}[m.Phase])
	}
	if m.Phase == "load" && (m.Elapsed-t.rows >= t.Every-t.Every/4) {
		t.rows = m.Elapsed
		t.printf(columns, m.Elapsed.Round(time.Second), whole(m.Events), millis(m.Ack.P50, m.Ack), millis(m.Ack.P99, m.Ack), whole(m.Frames),
			millis(m.Frame.P50, m.Frame), millis(m.Frame.P99, m.Frame), millis(m.Check.P50, m.Check), millis(m.Check.P99, m.Check),
			fmt.Sprintf("%.2f", m.CPU), whole(m.Server.RSS/(1<<20)), fmt.Sprintf("%.2g", m.Server.Tick), whole(m.Server.HistoryLag))
	}
	if t.Bar {
		t.printf("%s", t.bar(m))
	}
}

// bar shows how far the load is.
func (t *Table) bar(m Moment) string {
	text := fmt.Sprintf("%s, %d sockets", m.Phase, m.Sockets)
	if m.Failed > 0 {
		text += fmt.Sprintf(", %d failures", m.Failed)
	}
	if m.Phase != "load" || t.Duration <= 0 {
		return text
	}
	const width = 40
	share := min(1, float64(m.Elapsed)/float64(t.Duration))
	done := int(share * width)
	return fmt.Sprintf("[%s%s] %3.0f %%, %s left, %s", strings.Repeat("=", done), strings.Repeat(" ", width-done), 100*share,
		max(0, t.Duration-m.Elapsed).Round(time.Second), text)
}

// End leaves the terminal as it was.
func (t *Table) End() {
	if t.Bar {
		t.printf("\r\x1b[K")
	}
}

func (t *Table) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(t.Out, format, args...) // there is nobody else to tell.
}

func whole(v float64) string { return fmt.Sprintf("%.0f", v) }

func millis(v float64, l Latency) string {
	if l.Count == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", v)
}

// Print tells the summary to people.
func (s *Summary) Print(w io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-18s "+format+"\n", append([]any{name}, args...)...)
	}
	latency := func(name string, l Latency) {
		if l.Count > 0 {
			line(name, "p50 %.1f  p90 %.1f  p99 %.1f  p99.9 %.1f  max %.1f ms  (%d)", l.P50, l.P90, l.P99, l.P999, l.Max, l.Count)
		}
	}
	line("events", "%d sent, %d acknowledged, %.0f a second", s.Events.Sent, s.Events.Stored, s.Events.Rate)
	latency("publish to ack", s.Events.Ack)
	line("sockets", "%d asked, %d open at the end of the load; closed by the server: %s", s.Sockets, s.Open, closes(s.Closes))
	line("frames", "%d, %.0f a second, %d skipped forward", s.Frames.Received, s.Frames.Rate, s.Frames.Forward)
	latency("publish to frame", s.Frames.Latency)
	latency("check", s.Checks.Latency)
	if s.Checks.Failed > 0 {
		line("checks", "%d of %d had no verdict, such as: %s", s.Checks.Failed, s.Checks.Asked, s.Checks.Refusal)
	}
	latency("catch-up", s.CatchUp)
	v := &s.Server
	line("server CPU", "%.2f cores, its PostgreSQL %.2f; %.1f µs a frame", v.CPU, v.ChildCPU, v.PerFrame)
	line("server memory", "%.0f MiB before the sockets, %.0f with them idle, %.0f at most, %.0f at the end", mib(v.RSSBefore), mib(v.RSSIdle), mib(v.RSSMost), mib(v.RSSEnd))
	if s.Sockets > 0 {
		line("an idle socket", "%.1f KiB resident, %.1f KiB of heap and stacks", v.PerSocket/1024, v.HeapPerSocket/1024)
	}
	line("tick", "%.3g s at most, %.3g s at the end", v.TickMost, v.TickEnd)
	line("history", "%.0f events or %.1f s behind at most", v.HistoryLagMost, v.HistoryAgeMost)
	if p := s.Proof; p != nil {
		line("clients", "%d of %d ended with the server's state; %d checksums were equal", p.ClientsEqual, p.Clients, p.Checksums)
		if p.IDsCompared {
			line("ids", "%d acknowledged, %d stored once, %d missing, %d twice", p.IDs, p.IDsStored, p.IDsMissing, p.IDsTwice)
			line("checked messages", "%d answered, %d stored once, %d missing, %d twice", p.Messages, p.MessagesStored, p.MessagesMissing, p.MessagesTwice)
		} else {
			line("ids", "%d acknowledged; not compared with the stored ones, which needs --database-url", p.IDs)
		}
		line("hub = history", "%d of %d desks: %d events folded anew without a difference; %d wallboards equal the report, %d numbers",
			p.TenantsVerified, p.Tenants, p.EventsRefolded, p.WallboardsEqual, p.NumbersCompared)
	}
	for _, f := range s.Failures {
		line("FAILED", "%s", f)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func mib(b float64) float64 { return b / (1 << 20) }

func closes(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	var parts []string
	for name, n := range m {
		parts = append(parts, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

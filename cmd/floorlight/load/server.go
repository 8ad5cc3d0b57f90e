package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Usage is what the server takes, as far as it can be seen.
type Usage struct {
	// CPU seconds and resident bytes of the process, and of those below it
	// (PostgreSQL's). By process id, else from /metrics, which knows the first two.
	CPU      float64
	RSS      float64
	ChildCPU float64
	ChildRSS float64

	// From /metrics; absent ones are 0.
	Heap       float64 // bytes in use, stacks included
	Goroutines float64
	Tick       float64 // seconds, the longest of any tenant's
	HubLag     float64 // events
	HistoryLag float64 // events
	HistoryAge float64 // seconds
	Skipped    float64 // readers brought forward or given a snapshot
	Dropped    float64 // readers closed for being slow
}

// metric names to what they are.
func (u *Usage) set(name, labels string, value float64) {
	switch name {
	case "process_cpu_seconds_total":
		u.CPU = value
	case "process_resident_memory_bytes":
		u.RSS = value
	case "go_memstats_heap_inuse_bytes", "go_memstats_stack_inuse_bytes":
		u.Heap += value
	case "go_goroutines":
		u.Goroutines = value
	case "floorlight_tick_seconds":
		u.Tick = max(u.Tick, value)
	case "floorlight_hub_lag_events":
		u.HubLag = value
	case "floorlight_history_lag_events":
		u.HistoryLag += value
	case "floorlight_history_lag_seconds":
		u.HistoryAge = max(u.HistoryAge, value)
	case "floorlight_readers_total":
		switch {
		case strings.Contains(labels, `"stalled"`), strings.Contains(labels, `"backlog"`):
			u.Dropped += value
		case strings.Contains(labels, `"forward"`), strings.Contains(labels, `"fresh"`):
			u.Skipped += value
		}
	}
}

// readMetrics reads Prometheus's text.
func (u *Usage) readMetrics(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndexByte(line, ' ')
		if at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			continue
		}
		name, labels, _ := strings.Cut(line[:at], "{")
		u.set(name, labels, value)
	}
	return lines.Err()
}

// process reads /proc, where there is one.
func (u *Usage) process(root string, pid int) error {
	cpu, rss, err := processOf(root, pid)
	if err != nil {
		return err
	}
	u.CPU, u.RSS = cpu, rss
	stats, err := filepath.Glob(filepath.Join(root, "[0-9]*", "stat"))
	if err != nil {
		return err
	}
	below := map[int][]int{}
	for _, name := range stats {
		raw, err := os.ReadFile(name) //nolint:gosec // a name of the proc file system.
		if err != nil {
			continue // it has ended
		}
		child, parent, _, ok := parseStat(raw)
		if ok {
			below[parent] = append(below[parent], child)
		}
	}
	for open := below[pid]; len(open) > 0; {
		child := open[0]
		open = append(open[1:], below[child]...)
		if cpu, rss, err := processOf(root, child); err == nil {
			u.ChildCPU += cpu
			u.ChildRSS += rss
		}
	}
	return nil
}

// ticksASecond is the kernel's USER_HZ, 100 on every Linux.
const ticksASecond = 100

func processOf(root string, pid int) (cpu, rss float64, err error) {
	dir := filepath.Join(root, strconv.Itoa(pid))
	raw, err := os.ReadFile(filepath.Join(dir, "stat")) //nolint:gosec // a name of the proc file system.
	if err != nil {
		return 0, 0, fmt.Errorf("process %d: %w", pid, err)
	}
	_, _, ticks, ok := parseStat(raw)
	if !ok {
		return 0, 0, fmt.Errorf("process %d cannot be read", pid)
	}
	pages, err := os.ReadFile(filepath.Join(dir, "statm")) //nolint:gosec // as above.
	if err != nil {
		return 0, 0, fmt.Errorf("process %d: %w", pid, err)
	}
	fields := strings.Fields(string(pages))
	if len(fields) < 2 {
		return 0, 0, fmt.Errorf("process %d cannot be read", pid)
	}
	resident, err := strconv.ParseFloat(fields[1], 64)
	return ticks / ticksASecond, resident * float64(os.Getpagesize()), err
}

// parseStat reads /proc/PID/stat, whose second field may hold anything in brackets.
func parseStat(raw []byte) (pid, parent int, ticks float64, ok bool) {
	begin, end := bytes.IndexByte(raw, '('), bytes.LastIndexByte(raw, ')')
	if begin < 0 || end < 0 {
		return 0, 0, 0, false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw[:begin])))
	fields := strings.Fields(string(raw[end+1:]))
	if err != nil || len(fields) < 13 {
		return 0, 0, 0, false
	}
	parent, err = strconv.Atoi(fields[1])
	user, userErr := strconv.ParseFloat(fields[11], 64)
	system, systemErr := strconv.ParseFloat(fields[12], 64)
	return pid, parent, user + system, err == nil && userErr == nil && systemErr == nil
}

// watcher looks at the server once a second.
type watcher struct {
	url  string
	http *http.Client
	pid  int

	mu   sync.Mutex
	last Usage
	most Usage // each the highest since forget
	err  error
}

func (w *watcher) look(ctx context.Context) Usage {
	var u Usage
	err := w.read(ctx, &u)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
	if err != nil {
		return w.last
	}
	w.last = u
	for at, now := range map[*float64]float64{
		&w.most.RSS: u.RSS, &w.most.Heap: u.Heap, &w.most.Tick: u.Tick, &w.most.HubLag: u.HubLag, &w.most.HistoryLag: u.HistoryLag,
		&w.most.HistoryAge: u.HistoryAge, &w.most.ChildRSS: u.ChildRSS, &w.most.Goroutines: u.Goroutines,
	} {
		*at = max(*at, now)
	}
	return u
}

func (w *watcher) read(ctx context.Context, u *Usage) error {
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/metrics", nil)
	if err != nil {
		return err
	}
	answer, err := w.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // it was read.
	if answer.StatusCode == http.StatusOK {
		if err := u.readMetrics(answer.Body); err != nil {
			return err
		}
	}
	if w.pid > 0 {
		return u.process("/proc", w.pid)
	}
	return nil
}

// run looks until ctx ends.
func (w *watcher) run(ctx context.Context) {
	for {
		w.look(ctx)
		if !pause(ctx, time.Second) {
			return
		}
	}
}

// seen is what was seen last, and the highest.
func (w *watcher) seen() (last, most Usage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last, w.most
}

// forget begins the highest anew.
func (w *watcher) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.most = Usage{}
}

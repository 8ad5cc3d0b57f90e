package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/go-json-experiment/json"
)

// longestLine is more than an event that is refused for its size, and less than
// what a server takes as one request.
const longestLine = 1 << 20

// recording is a file of events.
type recording struct {
	name string
	file *os.File
	size int64
	sum  string // of its bytes
	temp bool   // it is a copy of stdin
}

// openRecording opens the file, or keeps what comes from stdin in one: it is
// read more than once.
func openRecording(name string, stdin io.Reader) (*recording, error) {
	r := &recording{name: name}
	var err error
	if name == "-" {
		r.name, r.temp = "stdin", true
		if r.file, err = os.CreateTemp("", "floorlight-replay-*"); err != nil {
			return nil, err
		}
		if _, err = io.Copy(r.file, stdin); err != nil {
			r.close()
			return nil, fmt.Errorf("read stdin: %w", err)
		}
	} else if r.file, err = os.Open(name); err != nil { //nolint:gosec // The file is the operator's to choose.
		return nil, err
	}
	if err := r.look(); err != nil {
		r.close()
		return nil, fmt.Errorf("read %s: %w", r.name, err)
	}
	return r, nil
}

func (r *recording) look() error {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := sha256.New()
	var err error
	if r.size, err = io.Copy(h, r.file); err != nil {
		return err
	}
	r.sum = hex.EncodeToString(h.Sum(nil))
	return nil
}

func (r *recording) close() {
	_ = r.file.Close() // it was only read
	if r.temp {
		_ = os.Remove(r.file.Name()) // a file in the directory for temporary ones
	}
}

// lineReader reads a recording line by line.
type lineReader struct {
	name   string
	read   int64 // bytes of the file so far
	number int64 // of the last line
	buf    *bufio.Reader
	line   []byte
}

// lines starts at the beginning, and unpacks what is gzipped.
func (r *recording) lines() (*lineReader, error) {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	l := &lineReader{name: r.name}
	plain := bufio.NewReaderSize(&counter{r: r.file, n: &l.read}, 256<<10)
	l.buf = plain
	if magic, err := plain.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(plain)
		if err != nil {
			return nil, fmt.Errorf("%s is not gzip that can be read: %w", r.name, err)
		}
		l.buf = bufio.NewReaderSize(z, 256<<10)
	}
	return l, nil
}

type counter struct {
	r io.Reader
	n *int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	*c.n += int64(n)
	return n, err
}

// next is the next line that is not empty, valid until the next call; whole
// says that it was not too long to be kept. The last error is io.EOF.
func (l *lineReader) next() (line []byte, whole bool, err error) {
	for {
		l.line = l.line[:0]
		whole = true
		for {
			part, err := l.buf.ReadSlice('\n')
			if len(l.line)+len(part) > longestLine {
				whole = false
			} else {
				l.line = append(l.line, part...)
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if errors.Is(err, io.EOF) && (len(l.line) > 0 || !whole) {
				break // the last line has no end
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					err = fmt.Errorf("%s cannot be read behind line %d: %w", l.name, l.number, err)
				}
				return nil, false, err
			}
			break
		}
		l.number++
		if line := bytes.TrimSpace(l.line); len(line) > 0 || !whole {
			return line, whole, nil
		}
	}
}

// lastTime is the latest of all events' times.
func (r *recording) lastTime() (time.Time, error) {
	lines, err := r.lines()
	if err != nil {
		return time.Time{}, err
	}
	var last time.Time
	for {
		line, whole, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return last, err
		}
		var one struct {
			Event struct {
				Time time.Time `json:"time"`
			} `json:"event"`
		}
		// What is wrong with a line is told when its turn comes.
		if whole && json.Unmarshal(line, &one) == nil && one.Event.Time.After(last) {
			last = one.Event.Time
		}
	}
	if last.IsZero() {
		return last, fmt.Errorf("%s has no event whose time could be moved", r.name)
	}
	return last, nil
}

package hub

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Snapshot returns the published state as one JSON document: topic, epoch, version, seq, at and state. Its seq is the
// last Flush's: what has come in since then is not in the state.
func (t *Topic) Snapshot(now time.Time) Frame {
	return t.snapshot(append(make([]byte, 0, 192), '{'), now)
}

func (t *Topic) snapshotFrame(s *Subscriber, now time.Time) Frame {
	return t.snapshot(appendHead(make([]byte, 0, 192), OpSnapshot, s.sub), now)
}

func (t *Topic) snapshot(head []byte, now time.Time) Frame {
	head = t.appendWhere(head)
	head = t.appendWhen(head, now)
	head = append(head, `,"state":`...)
	return Frame{Op: OpSnapshot, Epoch: t.epoch, Version: t.version, head: head, body: t.encodeState()}
}

// Sum returns the published version and the SHA-256 of its state's canonical JSON, in lower-case hex.
func (t *Topic) Sum() (version uint64, sum string) {
	t.summed()
	return t.version, t.sum
}

func (t *Topic) summed() {
	if t.sumBody != nil && t.summedAt == t.version {
		return
	}
	state := t.encodeState()
	digest := sha256.Sum256(state[:len(state)-1])
	t.sum, t.summedAt = hex.EncodeToString(digest[:]), t.version
	body := append(make([]byte, 0, 112), `"version":`...)
	body = strconv.AppendUint(body, t.version, 10)
	body = append(body, `,"sum":"`...)
	body = append(body, t.sum...)
	t.sumBody = append(body, `"}`...)
}

// encodeState returns the state's canonical JSON with the brace that closes a frame, encoded at most once a version.
func (t *Topic) encodeState() []byte {
	if t.encoded == nil || t.encodedAt != t.version {
		deltas := t.enc.buf // a buffer that grew to a state's size would stay so
		t.enc.buf = make([]byte, 0, t.stateBytes+t.stateBytes/8+64)
		t.enc.value(t.state)
		t.encoded, t.encodedAt = append(t.enc.buf, '}'), t.version
		t.stateBytes = len(t.encoded)
		t.enc.buf = deltas
	}
	return t.encoded
}

// encodeDelta returns the body of the delta from a version to the published one.
func (t *Topic) encodeDelta(from uint64, now time.Time, patch any) []byte {
	buf := t.appendWhere(t.enc.buf[:0])
	buf = append(buf, `,"from":`...)
	buf = strconv.AppendUint(buf, from, 10)
	buf = t.appendWhen(buf, now)
	t.enc.buf = append(buf, `,"patch":`...)
	t.enc.value(patch)
	t.enc.buf = append(t.enc.buf, '}')
	return bytes.Clone(t.enc.buf)
}

func (t *Topic) appendWhere(buf []byte) []byte {
	buf = append(buf, `"topic":`...)
	buf = appendString(buf, string(t.name))
	buf = append(buf, `,"epoch":`...)
	buf = appendString(buf, string(t.epoch))
	buf = append(buf, `,"version":`...)
	return strconv.AppendUint(buf, t.version, 10)
}

func (t *Topic) appendWhen(buf []byte, now time.Time) []byte {
	buf = append(buf, `,"seq":`...)
	buf = strconv.AppendUint(buf, t.seq, 10)
	buf = append(buf, `,"at":`...)
	return appendTime(buf, now)
}

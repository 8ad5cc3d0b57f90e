package risk

import (
	"bytes"
	"cmp"
	"slices"
)

// meaning is what the words before a number say about it.
type meaning uint8

const (
	meansNothing meaning = iota
	meansPhone
	meansOther  // an order, an account, a parcel
	meansParcel // a carrier is named, who has drivers with telephones, too
	meansMoney
)

// meaning reads the words before a number: the nearest one decides, and of two
// that end at the same place the longer.
func (p *phoneScan) meaning(start int) meaning {
	if p.asked && p.askedAt == start {
		return p.answer
	}
	p.asked, p.askedAt, p.answer = true, start, meansNothing
	k, _ := slices.BinarySearchFunc(p.cues, start+1, func(c cueHit, at int) int { return cmp.Compare(c.end, at) })
	covered := group{-1, -1} // by words that take a cue's meaning away
	for best := -1; k > 0; k-- {
		c := p.cues[k-1]
		if c.end < start-phoneWindow || c.end < best {
			break
		}
		if c.start >= covered.start && c.end <= covered.end && c.cue != cueNothing {
			continue
		}
		m := meansNothing
		switch c.cue {
		case cuePhone:
			m = meansPhone
		case cueOther:
			m = meansOther
		case cueCarrier:
			m = meansParcel
		case cueMoney:
			// A currency means the number right behind it only.
			if len(bytes.Trim(p.buf[c.end:start], " (:+")) == 0 {
				m = meansMoney
			}
		case cueNothing:
			best, p.answer, covered = -1, meansNothing, group{c.start, c.end} // "in case" is no case
			continue
		case cueNone, cueDisguised, cueSure, cueLikely, cueWeak, cueVerb, cueHiddenMessenger, cueHiddenPayment, cueSpokenMessenger, cueSpokenPayment, cueSpokenAbuse, cueNaming, cueBank, cueSign,
			cueMailbox, cueMailHost, cueMail, cueMailSign, cueMailPart, cueHint, cueDescribed, cueEnding, cueDots, cueSite:
		}
		if m == meansNothing || bytes.IndexByte(p.buf[c.end:start], '\n') >= 0 || m == meansOther && p.hidden && bytes.IndexByte(p.buf[c.end:start], ';') < 0 && endsSentence(p.buf[c.end:start]) {
			continue
		}
		best, p.answer = c.end, m
	}
	return p.answer
}

// calledAfter reports whether the words right behind a number say that it is to
// be called: "415 555 2671 is my cell".
func (p *phoneScan) calledAfter(end int) bool {
	k, _ := slices.BinarySearchFunc(p.cues, end, func(c cueHit, at int) int { return cmp.Compare(c.end, at) })
	for ; k < len(p.cues) && p.cues[k].start <= end+afterWindow; k++ {
		c := p.cues[k]
		if c.cue == cuePhone && c.start >= end && !bytes.ContainsAny(p.buf[end:c.start], ".!?;\n") {
			return true
		}
	}
	return follows(bytes.TrimLeft(p.buf[end:], " ,("), regionsAfter)
}

// spelledWhole reports whether all digits of a number of a large country were spelled out or
// written strangely, as nobody does with an order's.
func (p *phoneScan) spelledWhole(start, end int, d []byte) bool {
	if !p.hidden || len(d) < 10 || !isShaped(d) || len(p.view.at) == 0 {
		return false
	}
	for k := start; k < end; k++ {
		if isDigit(p.buf[k]) && p.view.at[k].start >= 0 && p.view.at[k].end-p.view.at[k].start == 1 {
			return false
		}
	}
	return p.view.kind == plainView || p.view.kind == numbersView
}

// tailFirst reports whether the digits at start are a number's last, and those before
// them follow: 尾号六六七七，前面是一五八零零零零.
func (p *phoneScan) tailFirst(start int) bool {
	if p.view.kind != numbersView || !endsWithAny(bytes.TrimRight(p.buf[:start], " :"), tailWords) {
		return false
	}
	for _, r := range p.scan.runs {
		if r.from <= start && start < r.to {
			return r.parts
		}
	}
	return false
}

// tailWords call digits the last of a number.
var tailWords = []string{"尾号", "尾号是", "尾号为", "尾号：", "ending in", "ends in", "ending"}

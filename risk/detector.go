package risk

import (
	"maps"
	"slices"
)

// cueKind is what a cue word says, and how far it is to be trusted.
type cueKind uint8

const (
	cueNone   cueKind = iota
	cueSure           // names a messenger and nothing else
	cueLikely         // names a messenger, but is short or means other things too
	cueWeak           // an ordinary word that is also a messenger's name
	cuePhone          // says that a number is to be called
	cueOther          // says that a number is an order's, a parcel's, an account's
	cueMoney          // says that a number is a sum
)

// cue is a word that makes a detector look closer.
type cue struct {
	word string
	kind cueKind
}

// cuesOf are words of one kind.
func cuesOf(kind cueKind, words ...string) []cue {
	cues := make([]cue, len(words))
	for i, w := range words {
		cues[i] = cue{w, kind}
	}
	return cues
}

// detector finds what neither words nor a pattern can tell apart.
type detector struct {
	cues []cue
	// plain, joined and spelled say which views it reads: the text as
	// written, the one without separators inside words, and the latter only
	// when somebody spelled a word out.
	plain, joined, spelled bool
	run                    func(s *scan, v *view, d *detectorRun)
}

// reads reports whether the detector looks at a view.
func (d *detector) reads(v *view, plain bool) bool {
	if plain {
		return d.plain
	}
	return d.joined || d.spelled && v.spelled
}

// detectors are the detectors by the name that a rule uses.
var detectors = map[string]detector{
	"messenger":        {cues: messengerCues, plain: true, joined: true, run: messengerHandles},
	"messenger_invite": {cues: messengerCues, plain: true, joined: true, run: messengerInvites},
	"phone":            {cues: phoneCues, plain: true, run: phoneNumbers},
	"hotline":          {cues: phoneCues, plain: true, run: hotlineNumbers},
	"email":            {plain: true, spelled: true, run: emails},
	"link":             {plain: true, spelled: true, run: links},
	"contact_link":     {plain: true, spelled: true, run: contactLinks},
}

// DetectorNames lists the detectors that a rule can name, sorted.
func DetectorNames() []string { return slices.Sorted(maps.Keys(detectors)) }

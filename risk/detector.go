package risk

import (
	"maps"
	"slices"
)

// cueKind is what a cue word says, and how far it is to be trusted.
type cueKind uint8

const (
	cueNone            cueKind = iota
	cueDisguised               // names a messenger in a way that nobody does who means no harm
	cueSure                    // names a messenger and nothing else
	cueLikely                  // names a messenger, but is short or means other things too
	cueWeak                    // an ordinary word that is also a messenger's name
	cuePhone                   // says that a number is to be called
	cueOther                   // says that a number is an order's, a parcel's, an account's
	cueCarrier                 // who carries parcels, whose numbers are seldom called so
	cueVerb                    // invites
	cueMoney                   // says that a number is a sum
	cueNothing                 // takes a cue's meaning away that it ends with
	cueHiddenMessenger         // a name that only counts where somebody hid it
	cueHiddenPayment
	cueSpokenMessenger // the same, where it was hidden by its sound
	cueSpokenPayment
	cueSpokenAbuse
	cueNaming    // says that a name follows
	cueBank      // names a bank, or the code of one
	cueSign      // a picture of a messenger, or what it is described by
	cueMailbox   // names a host of mail
	cueMailHost  // names one, or something else
	cueMail      // says that mail is meant
	cueMailSign  // names the sign of addresses
	cueMailPart  // says that an address is in parts
	cueHint      // names a messenger, respelt, if what follows looks like a name there
	cueDescribed // may describe one, if it does
	cueEnding    // calls something the ending of a page's address
	cueDots      // says where its dot is
	cueSite      // says that a page is meant
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
	cues  []cue
	views viewKind // the views that it reads
	// senses are words of which it reads combinations.
	senses []senseWord
	// spelled says that it reads the joined view only where somebody spelled
	// a word out.
	spelled bool
	// worded is the category of the model that it asks, counted from 1, or 0.
	worded int
	run    func(s *scan, v *view, d *detectorRun)
}

// reads reports whether the detector looks at a view.
func (d *detector) reads(v *view) bool {
	return d.views&v.kind != 0 && (v.kind != joinedView || !d.spelled || v.spelled)
}

// numberViews are the views that a detector of numbers reads. Those in which
// letters and digits that look alike were confused are not among them.
const numberViews = plainView | numbersView | reversedView | splitView

// hidingViews are those in which a word stands that somebody hid.
const hidingViews = joinedView | leetView | reversedView | mirroredView

// detectors are the detectors by the name that a rule uses.
var detectors = map[string]detector{
	"messenger":              {cues: messengerCues, views: plainView | joinedView | foldedView | leetView | numbersView | reversedView | mirroredView | soundView, run: messengerHandles},
	"shaped_handle":          {cues: handleCues, views: plainView | joinedView | foldedView | leetView | mirroredView, run: shapedHandles},
	"titled_page":            {cues: handleCues, views: plainView | joinedView, run: titledPages},
	"split_handle":           {views: splitView, run: splitHandles},
	"messenger_invite":       {cues: messengerCues, views: plainView | joinedView | foldedView | leetView | reversedView | mirroredView | soundView, run: messengerInvites},
	"hidden_messenger":       {cues: cuesOf(cueHiddenMessenger, hiddenMessengers...), views: hidingViews | plainView, run: hiddenNames(cueHiddenMessenger)},
	"hidden_payment":         {cues: cuesOf(cueHiddenPayment, phrases("payment", "name")...), views: hidingViews, run: hiddenNames(cueHiddenPayment)},
	"spoken_messenger":       {cues: cuesOf(cueSpokenMessenger, phrases("sound", "messenger")...), views: soundView | mirroredView | reversedView, run: hiddenNames(cueSpokenMessenger)},
	"spoken_payment":         {cues: cuesOf(cueSpokenPayment, phrases("sound", "payment")...), views: soundView | mirroredView | reversedView, run: hiddenNames(cueSpokenPayment)},
	"spoken_abuse":           {cues: cuesOf(cueSpokenAbuse, phrases("sound", "abuse")...), views: soundView | mirroredView | reversedView, run: hiddenNames(cueSpokenAbuse)},
	"phone":                  {cues: phoneCues, views: numberViews, run: phoneNumbers},
	"hotline":                {cues: phoneCues, views: plainView, run: hotlineNumbers},
	"bank_card":              {cues: phoneCues, views: numberViews, run: bankCards},
	"bank_account":           {cues: slices.Concat(phoneCues, cuesOf(cueBank, bankCodes...), cuesOf(cueBank, bankNames...)), views: numberViews, run: bankAccounts},
	"chinese_id":             {views: numberViews, run: chineseIDs},
	"email":                  {views: plainView | joinedView | foldedView | leetView | dotsView | reversedView, spelled: true, run: emails},
	"mailbox":                {cues: mailboxCues, views: plainView | joinedView | foldedView | leetView | dotsView, spelled: true, run: mailboxNames},
	"domain":                 {cues: domainCues, views: plainView | dotsView, run: domainNames},
	"link":                   {views: plainView | joinedView | foldedView | dotsView | reversedView, spelled: true, run: links},
	"hidden_link":            {views: plainView | joinedView | foldedView | dotsView | reversedView, spelled: true, run: hiddenLinks},
	"payment_request":        {senses: sensesOf(groupPayment), views: wordViews, run: combinations(groupPayment)},
	"invitation":             {senses: sensesOf(groupInvite), views: wordViews, run: combinations(groupInvite)},
	"promise":                {senses: sensesOf(groupPromise), views: wordViews, run: combinations(groupPromise)},
	"insult":                 {senses: sensesOf(groupAbuse), views: wordViews, run: combinations(groupAbuse)},
	"invite_wording":         wordings(groupInvite, &wordingSure),
	"invite_wording_likely":  wordings(groupInvite, &wordingLikely),
	"payment_wording":        wordings(groupPayment, &wordingSure),
	"payment_wording_likely": wordings(groupPayment, &wordingLikely),
	"promise_wording":        wordings(groupPromise, &wordingSure),
	"promise_wording_likely": wordings(groupPromise, &wordingLikely),
	"abuse_wording":          wordings(groupAbuse, &wordingSure),
	"abuse_wording_likely":   wordings(groupAbuse, &wordingLikely),
	"contact_link":           {views: plainView | joinedView | foldedView | dotsView | reversedView, spelled: true, run: contactLinks},
}

// DetectorNames lists the detectors that a rule can name, sorted.
func DetectorNames() []string { return slices.Sorted(maps.Keys(detectors)) }

package simulator

import (
	"math/rand/v2"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
)

// vocabulary is what a desk of one language says. In the sentences {order},
// {product}, {days} and {name} stand for what they name.
type vocabulary struct {
	first, last []string // names
	nameOrder   string   // how they are put together

	products []string
	teams    map[event.Intent]string
	tags     map[event.Intent][]string
	reasons  []string // for a bad rating
	currency string
	low      int64 // the cheapest order, in whole units
	high     int64

	opening   map[event.Intent][]string
	followUp  []string
	wantHuman []string
	thanks    []string
	giveUp    []string
	botAnswer map[event.Intent][]string
	botMore   []string
	botPass   []string
	botTicket []string
	botAway   []string // where help is, in place of a human
	greeting  []string
	answer    map[event.Intent][]string
	more      []string
	link      []string // to another site
	transfer  []string
	farewell  []string
	broadcast []string
	risky     []string
	corrected []string

	again      []string // of a customer who comes back
	lead       string   // who decides disputes
	disputed   []string
	upheld     []string
	overturned []string
}

var vocabularies = map[Language]*vocabulary{English: &english, Chinese: &chinese}

// intents are what customers come for, and how often in a hundred.
var intents = []struct {
	intent event.Intent
	share  int
}{{event.IntentPrePurchase, 38}, {event.IntentAftersales, 27}, {event.IntentLogistics, 23}, {event.IntentOther, 12}}

func pickIntent(rng *rand.Rand) event.Intent {
	n := rng.IntN(100)
	for _, i := range intents {
		if n -= i.share; n < 0 {
			return i.intent
		}
	}
	return event.IntentOther
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// fullName makes a name from the lists.
func (v *vocabulary) fullName(rng *rand.Rand) string {
	return strings.NewReplacer("{first}", pick(rng, v.first), "{last}", pick(rng, v.last)).Replace(v.nameOrder)
}

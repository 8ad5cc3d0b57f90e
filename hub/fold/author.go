package fold

import (
	"fmt"
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// Author is a kind of actor in one byte, of which a session has one; 0 is nobody.
type Author uint8

// authors are the kinds, each in its place.
var authors = [...]event.Kind{"", event.Customer, event.Agent, event.Bot, event.Broadcast, event.System}

func authorOf(k event.Kind) Author {
	return Author(max(0, slices.Index(authors[:], k))) //nolint:gosec // they are few.
}

// Kind is the kind by its name.
func (a Author) Kind() event.Kind { return authors[a] }

// MarshalText writes the name.
func (a Author) MarshalText() ([]byte, error) { return []byte(a.Kind()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Author) UnmarshalText(name []byte) error {
	if *a = authorOf(event.Kind(name)); *a == 0 {
		return fmt.Errorf("a message of %q", name)
	}
	return nil
}

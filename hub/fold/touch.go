package fold

import "github.com/floorlight/floorlight/hub/event"

// Touch is what an AI sale can be attributed to: a bot's message, or the click
// of a customer on a product card.
type Touch struct {
	At int64            `json:"t"`          // milliseconds
	By event.CustomerID `json:"c,omitzero"` // who clicked; empty: a bot's message
}

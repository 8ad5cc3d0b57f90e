package risk_test

import (
	"testing"

	"github.com/floorlight/floorlight/hub/event"
)

// TestNumbersAreReadHoweverTheirTokensAreMixed holds the reader of tokens in which digits,
// words, letters and characters stand side by side.
func TestNumbersAreReadHoweverTheirTokensAreMixed(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"34seven-Z05-8813":                                      event.Block,
		"sev7n 1 8, 5fiveS O1too4":                              event.Block,
		"1巴6 二二零散 伍伍事一":                                         event.Block,
		"one8hundred 882 four66oh":                              event.Block,
		"gone with the 5 zones, 7 bones a day":                  event.Allow,
		"SKU 34Z-B05-8813":                                      event.Allow,
		"Colours: 3 beige, 5 olive, 9 sage, 12 taupe, 18 ivory": event.Allow,
	})
}

// TestWhatATextSaysToStandForADigitIsRead holds the statements of what stands for a digit.
func TestWhatATextSaysToStandForADigitIsRead(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"§5§-55§-01 47 where § is 5":                     event.Block,
		"ring 7 7 x x 9 x x 4 5 6, x = 0":                event.Block,
		"我把8换成“发”：1发5 6320 99发1":                         event.Block,
		"鸡蛋零，耳朵三，板凳二：1耳朵4 1板凳耳朵1 1897":                   event.Block,
		"size L is 5, size M is 4, 12 of each in box 30": event.Allow,
		"x = 0 on the chart, y = 12, z = 7705":           event.Allow,
	})
}

// TestHalvesMayBeTurnedAroundOrSwapped holds numbers of which a half stands backwards, and
// numbers of orders in texts that speak of turning something around.
func TestHalvesMayBeTurnedAroundOrSwapped(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"the first 5 are 07700, the rest is flipped: 164009":                      event.Block,
		"先说后半 0937,再说前半 1882561":                                                  event.Block,
		"前三位177，后八位反的 55402893":                                                   event.Block,
		"start from the last digit. 9122683514":                                   event.Block,
		"Read it from the last digit on the label; your order 9122683514 is fine": event.Allow,
		"The mirror arrived reversed, 1200 x 800 mm":                              event.Allow,
	})
}

// TestWhatStandsBetweenDigits: several of a sign part digits as one does, and more colons
// than a time has; numbers with a point in a list, hours and a device's address are none.
func TestWhatStandsBetweenDigits(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"2 0 2    5 5 5   0 1 6 1":                                event.Block,
		"call +852 25 08 // 77 13":                                event.Block,
		"07:70:09:00:77:3 looks like a time but it's my mobile":   event.Block,
		"0.5, 1.0, 1.5, 2.0 and 2.5 mm drill bits are in the set": event.Allow,
		"Open 09:00 12:30 14:00 18:30 21:00":                      event.Allow,
		"MAC 00:11:22:33:44:55 is on the sticker":                 event.Allow,
		"The dot com boom book is 3rd edition, 2019.":             event.Allow,
	})
}

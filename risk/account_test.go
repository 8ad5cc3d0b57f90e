package risk_test

import (
	"testing"

	"github.com/floorlight/floorlight/hub/event"
)

// TestBankAccountsAreFoundByTheirCheckDigitsOrTheirBank holds what of an account is found
// without a request to pay.
func TestBankAccountsAreFoundByTheirCheckDigitsOrTheirBank(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"ES91 2100 0418 4502 0005 1332":                          event.Block,
		"NO93 8601 1117 947":                                     event.Block,
		"ES92 2100 0418 4502 0005 1332":                          event.Allow, // wrong check digits
		"please pay into ES92 2100 0418 4502 0005 1332":          event.Block,
		"DE89 3704 0044 0532 0130 00 is a sample":                event.Allow,
		"chase acct 889201734":                                   event.Block,
		"the account number for your order is 88920173":          event.Allow,
		"acc 10498827, BSB 063 217":                              event.Block,
		"account 10498827":                                       event.Allow,
		"农行账号 50-881001040012993":                                event.Block,
		"工行退款预计3天，订单号 2024091100341122":                          event.Allow,
		"kiran.auto@ptyes":                                       event.Block,
		"Your UPI refund is on the way, transaction 40293847":    event.Allow,
		"UPI works at checkout":                                  event.Allow,
		"gpay on 98450 67213":                                    event.Block,
		"paid by gpay, order 98450672":                           event.Allow,
		"amex 3764-001122-33445":                                 event.Block,
		"the part is 3764-001122-33445":                          event.Allow,
		"身份证号 440306198809165129":                                event.Block,
		"Your refund goes to the bank account ending 4417":       event.Allow,
		"Please quote reference 88301294 when you call the bank": event.Allow,
	})
}

package metric

import (
	"fmt"

	"github.com/shopspring/decimal"
	"golang.org/x/text/currency"
)

// Money is an exact amount by currency (ISO 4217), never converted.
type Money map[string]decimal.Decimal

// ParseAmount reads a decimal string such as "22.00".
func ParseAmount(s string) (decimal.Decimal, error) {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return d, fmt.Errorf("amount %q: %w", s, err)
	}
	return d, nil
}

// Add adds an amount; a currency whose sum is zero is dropped.
func (m Money) Add(code string, amount decimal.Decimal) {
	sum := m[code].Add(amount)
	if sum.IsZero() {
		delete(m, code)
		return
	}
	m[code] = sum
}

// AddAll adds other.
func (m Money) AddAll(other Money) {
	for code, amount := range other {
		m.Add(code, amount)
	}
}

// SubAll takes other back.
func (m Money) SubAll(other Money) {
	for code, amount := range other {
		m.Add(code, amount.Neg())
	}
}

// Strings writes each sum with the digits that its currency has, or more where
// the sum has more.
func (m Money) Strings() map[string]string {
	out := make(map[string]string, len(m))
	for code, amount := range m {
		out[code] = FormatAmount(code, amount)
	}
	return out
}

// FormatAmount writes an amount in its shortest exact form with at least the
// digits of its currency: 22 USD is "22.00", 22 JPY is "22".
func FormatAmount(code string, amount decimal.Decimal) string {
	digits := 2
	if unit, err := currency.ParseISO(code); err == nil {
		digits, _ = currency.Standard.Rounding(unit)
	}
	for rest := amount.Truncate(int32(digits)); !rest.Equal(amount); rest = amount.Truncate(int32(digits)) {
		digits++
	}
	return amount.StringFixed(int32(digits))
}

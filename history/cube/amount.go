package cube

import (
	"math"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/floorlight/floorlight/hub/metric"
)

// amount is an exact decimal: small × 10^exponent, or big where that does not
// hold it. Nearly all amounts are small, and small ones are added as integers.
type amount struct {
	small    int64
	exponent int32
	big      *decimal.Decimal
}

func newAmount(d decimal.Decimal) amount {
	if c := d.Coefficient(); c.IsInt64() {
		return amount{small: c.Int64(), exponent: d.Exponent()}
	}
	return amount{big: &d}
}

func (a amount) decimal() decimal.Decimal {
	if a.big != nil {
		return *a.big
	}
	return decimal.NewFromBigInt(big.NewInt(a.small), a.exponent)
}

// purse names a sum of money: of a cell, of one kind, in one currency.
type purse struct {
	cell     uint32
	kind     moneyKind
	currency uint32
	exponent int32
}

// purses adds amounts up.
type purses struct {
	small map[purse]int64
	big   map[purse]decimal.Decimal // by purses of exponent 0; what small cannot hold
}

func newPurses() purses { return purses{small: map[purse]int64{}, big: map[purse]decimal.Decimal{}} }

func (p *purses) add(cell uint32, kind moneyKind, currency uint32, a amount) {
	k := purse{cell, kind, currency, a.exponent}
	if a.big == nil {
		sum := p.small[k]
		if (a.small <= 0 || sum <= math.MaxInt64-a.small) && (a.small >= 0 || sum >= math.MinInt64-a.small) {
			p.small[k] = sum + a.small
			return
		}
	}
	k.exponent = 0
	p.big[k] = p.big[k].Add(a.decimal())
}

// money is every cell's sums of one kind.
func (p *purses) money(kind moneyKind, currencies []string) map[uint32]metric.Money {
	all := map[uint32]metric.Money{}
	add := func(k purse, d decimal.Decimal) {
		m := all[k.cell]
		if m == nil {
			m = metric.Money{}
			all[k.cell] = m
		}
		m.Add(currencies[k.currency], d)
	}
	for k, n := range p.small {
		if k.kind == kind {
			add(k, amount{small: n, exponent: k.exponent}.decimal())
		}
	}
	for k, d := range p.big {
		if k.kind == kind {
			add(k, d)
		}
	}
	return all
}

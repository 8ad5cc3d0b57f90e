package metric

import "slices"

// Part is how much of one counter of a row stands under one value of a part
// dimension: of the row's 3 negative ratings, 2 under the reason "slow". Parts
// of one dimension need not add up to the counter: an answer may give two
// reasons, or none. Credits used stand under their category as Money, and N is 0.
type Part struct {
	Dimension Dimension
	Value     string
	Counter   Counter
	N         int64
	Money     Money
}

// same reports whether two parts stand in one place.
func (p *Part) same(o *Part) bool {
	return p.Dimension == o.Dimension && p.Value == o.Value && p.Counter == o.Counter && (p.Money == nil) == (o.Money == nil)
}

// WithParts is the list with parts added, or taken back with their sign turned.
// The list that was given stays as it was. A part of nothing is dropped.
func WithParts(list []Part, parts ...Part) []Part {
	sum := make([]Part, len(list), len(list)+len(parts))
	copy(sum, list)
	for i := range parts {
		sum = withPart(sum, &parts[i])
	}
	return sum
}

func withPart(list []Part, p *Part) []Part {
	for i := range list {
		if !list[i].same(p) {
			continue
		}
		if p.Money != nil {
			sum := Money{}
			sum.AddAll(list[i].Money)
			sum.AddAll(p.Money)
			list[i].Money = sum
		}
		list[i].N += p.N
		if list[i].N == 0 && len(list[i].Money) == 0 {
			list = slices.Delete(list, i, i+1)
		}
		return list
	}
	return append(list, *p)
}

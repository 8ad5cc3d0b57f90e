package risk

import "github.com/nyaruka/phonenumbers"

const (
	// maxParsed is how many candidates of one reading of a text are looked up in
	// the numbering plans. Parsing takes microseconds, and a text of digits and
	// dots has thousands of candidates; what comes after is judged by shape.
	maxParsed = 32
	// parsing is what that costs.
	parsing = 1400
)

// planned is what the numbering plans say of digits, as a number of a region or
// as an international one.
type planned struct {
	digits        [maxPhone]byte
	n             int
	region        string
	international bool
	valid         bool
}

// valid reports whether the numbering plans know the digits as a number of a
// region, or as an international one. Several readings of a text have the same
// candidates, which are looked up once.
func (p *phoneScan) valid(d []byte, region string, international bool) bool {
	if p.parsed++; p.parsed > maxParsed || p.scan.spend(len(p.scan.planned)/4) {
		return international
	}
	for k := range p.scan.planned {
		if q := &p.scan.planned[k]; q.n == len(d) && q.international == international && string(q.digits[:q.n]) == string(d) && q.region == region {
			return q.valid
		}
	}
	if p.scan.spend(parsing) {
		return international
	}
	text := string(d)
	if international {
		text = "+" + text
	}
	n, err := phonenumbers.Parse(text, region)
	q := planned{n: len(d), region: region, international: international, valid: err == nil && phonenumbers.IsValidNumber(n)}
	copy(q.digits[:], d)
	p.scan.planned = append(p.scan.planned, q)
	return q.valid
}

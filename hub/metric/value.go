package metric

import (
	"math/big"
	"time"

	"github.com/go-json-experiment/json"
)

// Sums is what a metric is evaluated over: the sum of the counters of some
// rows, and what is distinct among them.
type Sums struct {
	// PerAgent says that the rows are those of agents (**A**): metrics with such
	// a form answer by it.
	PerAgent bool
	Counts   Counts
	Revenue  Money

	Customers           int64 // distinct customers of sessions
	ConsultingCustomers int64 // distinct customers of chats
	ConvertedCustomers  int64 // distinct customers of chats followed by an order

	ServedCustomers   int64 // distinct customers of conversations assigned to an agent
	FriendCustomers   int64 // distinct customers of sessions who are friends now
	UpgradedCustomers int64 // distinct customers who added a specialist or joined a group
	AffectedAgents    int64 // distinct agents who wrote a blocked or flagged message
	FlowsTriggered    int64 // distinct flows

	AISales       Money
	CreditsUsed   Money
	CreditBalance Money // added less charged, ever

	// FirstResponses has the first response times; see Row's of the fold: a row
	// whose first_responses is 1 counts its first_response_millis here.
	FirstResponses Histogram

	OnlineMillis int64 // of agents, spells that still run included up to the answer's time
	FirstOnline  int64 // the earliest first moment online, milliseconds since 1970; 0: none
}

// Value is one evaluated metric. Value is an int64, a float64, a map of money,
// a string (a time), or nil where it is undefined. Num and Den are set together.
type Value struct {
	Value    any
	Num, Den any
}

// Object is the value as live states write it: what is undefined is absent.
func (v Value) Object() map[string]any {
	o := make(map[string]any, 3)
	if v.Value != nil {
		if m, ok := v.Value.(map[string]string); ok {
			inner := make(map[string]any, len(m))
			for k, s := range m {
				inner[k] = s
			}
			o["value"] = inner
		} else {
			o["value"] = v.Value
		}
	}
	if v.Num != nil {
		o["num"], o["den"] = v.Num, v.Den
	}
	return o
}

// MarshalJSON is the value as reports write it: what is undefined is null.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.Num == nil {
		return json.Marshal(struct {
			Value any `json:"value"`
		}{v.Value}, json.Deterministic(true))
	}
	return json.Marshal(struct {
		Value any `json:"value"`
		Num   any `json:"num"`
		Den   any `json:"den"`
	}{v.Value, v.Num, v.Den})
}

// exactly is n/scale as an integer where it is one, else the nearest double.
func exactly(n, scale int64) any {
	if n%scale == 0 {
		return n / scale
	}
	return float64(n) / float64(scale)
}

// quotient is a value of num/scale parts over den.
func quotient(num, scale, den int64) Value {
	v := Value{Num: exactly(num, scale), Den: den}
	if den != 0 {
		v.Value, _ = new(big.Rat).SetFrac(big.NewInt(num), new(big.Int).Mul(big.NewInt(scale), big.NewInt(den))).Float64()
		v.Value = whole(v.Value.(float64)) //nolint:forcetypeassert // set in the line above.
	}
	return v
}

// whole gives an integral double as an integer, so that both write alike.
func whole(f float64) any {
	if f == float64(int64(f)) {
		return int64(f)
	}
	return f
}

// sumOfMeans adds the means a/b and c/d of milliseconds, exactly; the second is 0 if
// d is. The parts are those of the sum's fraction.
func sumOfMeans(a, b, c, d int64) Value {
	if b == 0 || d == 0 {
		return quotient(a, 1000, b)
	}
	num := new(big.Int).Add(new(big.Int).Mul(big.NewInt(a), big.NewInt(d)), new(big.Int).Mul(big.NewInt(c), big.NewInt(b)))
	den := new(big.Int).Mul(big.NewInt(b), big.NewInt(d))
	numSeconds, _ := new(big.Rat).SetFrac(num, big.NewInt(1000)).Float64()
	denFloat, _ := new(big.Float).SetInt(den).Float64()
	value, _ := new(big.Rat).SetFrac(num, new(big.Int).Mul(den, big.NewInt(1000))).Float64()
	return Value{Value: whole(value), Num: whole(numSeconds), Den: whole(denFloat)}
}

// FormatTime writes a moment in milliseconds since 1970 as RFC 3339.
func FormatTime(millis int64) string {
	return time.UnixMilli(millis).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

package cube

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/shopspring/decimal"

	"github.com/floorlight/floorlight/hub/metric"
)

// columns are those of contributions in the order in which decode reads them.
var columns = func() string {
	names := []string{
		"conversation", "session", "position", "day", "hour", "per_agent", "channel", "team", "agent", "intent", "handling", "ai_status", "tags", "customer",
		"revenue", "ai_sales", "credits", "parts",
	}
	for _, c := range metric.Counters() {
		names = append(names, c.String())
	}
	return strings.Join(names, ", ")
}()

// firstCounter is the position of the first counter's column.
const firstCounter = 18

const (
	postgresEpochDays = 10_957 // 2000-01-01 in days since 1970
	mostHours         = 24
)

var errRow = errors.New("a stored row cannot be read")

// decoder reads rows of contributions from PostgreSQL's binary format, and
// numbers their values. It is for one goroutine.
type decoder struct {
	names *names
	key   maphash.Hash
	tags  []uint32
	ids   [12]byte
}

func newDecoder(n *names) *decoder {
	d := &decoder{names: n}
	d.key.SetSeed(n.seed)
	return d
}

// decode reads a row. What it gives holds nothing of values.
func (d *decoder) decode(values [][]byte, r *row) error {
	if len(values) != firstCounter+metric.NumCounters {
		return fmt.Errorf("%w: %d columns", errRow, len(values))
	}
	*r = row{money: r.money[:0], parts: r.parts[:0]}
	d.key.Reset()
	_, _ = d.key.Write(values[0]) // never fails
	_, _ = d.key.Write(append(append(d.ids[:0], values[1]...), values[2]...))
	r.key = d.key.Sum64()
	day, hour := integer(values[3]), integer(values[4])
	r.day = metric.Day(day + postgresEpochDays) //nolint:gosec // a date of PostgreSQL's.
	if hour < 0 || hour >= mostHours {
		return fmt.Errorf("%w: hour %d", errRow, hour)
	}
	r.hour = uint8(hour)
	r.perAgent = len(values[5]) == 1 && values[5][0] != 0
	for i, v := range values[firstCounter:] {
		if len(v) == 4 {
			r.counts[i] = int64(int32(binary.BigEndian.Uint32(v))) //nolint:gosec // two's complement.
		} else {
			r.counts[i] = integer(v)
		}
	}
	n := d.names
	n.mu.Lock()
	defer n.mu.Unlock()
	r.channel, r.team, r.agent = n.channels.number(values[6]), n.teams.number(values[7]), n.agents.number(values[8])
	for _, small := range []struct {
		words *dict
		value []byte
		to    *uint8
	}{{&n.intents, values[9], &r.intent}, {&n.handlings, values[10], &r.handling}, {&n.statuses, values[11], &r.status}} {
		number := small.words.number(small.value)
		if number > 255 {
			return fmt.Errorf("%w: more than 255 words for a dimension that has a handful", errRow)
		}
		*small.to = uint8(number)
	}
	r.customer = n.customer(values[13])
	if err := d.tagsOf(values[12], r); err != nil {
		return err
	}
	return d.sparse(values[14:firstCounter], r)
}

// integer reads an int2, int4 or int8; NULL is 0.
func integer(v []byte) int64 {
	switch len(v) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(v))) //nolint:gosec // two's complement.
	case 4:
		return int64(int32(binary.BigEndian.Uint32(v))) //nolint:gosec // two's complement.
	case 8:
		return int64(binary.BigEndian.Uint64(v)) //nolint:gosec // two's complement.
	}
	return 0
}

// tagsOf reads text[].
func (d *decoder) tagsOf(v []byte, r *row) error {
	const header, dimension = 12, 8
	if len(v) < header+dimension {
		return nil // no elements
	}
	d.tags = d.tags[:0]
	for rest := v[header+dimension:]; len(rest) > 0; {
		if len(rest) < 4 {
			return fmt.Errorf("%w: tags", errRow)
		}
		n := int(int32(binary.BigEndian.Uint32(rest))) //nolint:gosec // a length; -1 is NULL.
		rest = rest[4:]
		if n < 0 {
			continue
		}
		if n > len(rest) {
			return fmt.Errorf("%w: tags", errRow)
		}
		d.tags = append(d.tags, d.names.tags.number(rest[:n]))
		rest = rest[n:]
	}
	r.tags = d.names.tagSet(d.tags)
	return nil
}

// sparse reads the columns that few rows have: revenue, ai_sales, credits, parts.
func (d *decoder) sparse(values [][]byte, r *row) error {
	for i, kind := range [...]moneyKind{revenue, aiSales} {
		if document := jsonb(values[i]); document != nil {
			var amounts map[string]string
			if err := json.Unmarshal(document, &amounts); err != nil {
				return fmt.Errorf("%w: money: %w", errRow, err)
			}
			if err := d.money(r, kind, noPart, 0, amounts); err != nil {
				return err
			}
		}
	}
	if document := jsonb(values[2]); document != nil {
		var credits struct {
			Used  map[string]string `json:"used"`
			Added map[string]string `json:"added"`
		}
		if err := json.Unmarshal(document, &credits); err != nil {
			return fmt.Errorf("%w: credits: %w", errRow, err)
		}
		if err := errors.Join(d.money(r, creditsUsed, noPart, 0, credits.Used), d.money(r, creditsAdded, noPart, 0, credits.Added)); err != nil {
			return err
		}
	}
	if document := jsonb(values[3]); document != nil {
		return d.parts(r, document)
	}
	return nil
}

func (d *decoder) parts(r *row, document []byte) error {
	var list []struct {
		Dimension metric.Dimension  `json:"d"`
		Value     string            `json:"v"`
		Counter   string            `json:"c"`
		N         int64             `json:"n"`
		Money     map[string]string `json:"m"`
	}
	if err := json.Unmarshal(document, &list); err != nil {
		return fmt.Errorf("%w: parts: %w", errRow, err)
	}
	for i := range list {
		p := &list[i]
		kind := partOf(p.Dimension)
		if kind == noPart {
			return fmt.Errorf("%w: parts by an unknown dimension", errRow)
		}
		value := d.names.parts.number([]byte(p.Value))
		if len(p.Money) > 0 {
			if err := d.money(r, creditsUsed, kind, value, p.Money); err != nil {
				return err
			}
			continue
		}
		counter, ok := metric.CounterNamed(p.Counter)
		if !ok {
			return fmt.Errorf("%w: parts of an unknown counter", errRow)
		}
		r.parts = append(r.parts, part{kind: kind, counter: counter, value: value, n: p.N})
	}
	return nil
}

func (d *decoder) money(r *row, kind moneyKind, of partKind, value uint32, amounts map[string]string) error {
	for currency, text := range amounts {
		sum, err := decimal.NewFromString(text)
		if err != nil {
			return fmt.Errorf("%w: an amount: %w", errRow, err)
		}
		r.money = append(r.money, money{kind: kind, part: of, value: value, currency: d.names.currencies.number([]byte(currency)), amount: newAmount(sum)})
	}
	return nil
}

// jsonb is the text of a jsonb value; nil if there is none.
func jsonb(v []byte) []byte {
	if len(v) < 2 {
		return nil
	}
	return v[1:] // after the version of its format
}

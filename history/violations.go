package history

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// violationParameters are what a list of violations can be asked by.
var violationParameters = []string{
	"from", "to", "channel", "team", "agent", "intent", "handling", "severity", "category", "rule", "cursor", "limit",
}

// Violations is a page of the messages that rules blocked or flagged, the newest first.
type Violations struct {
	From     metric.Day         `json:"from"`
	To       metric.Day         `json:"to"`
	Timezone string             `json:"timezone"`
	AsOfSeq  uint64             `json:"as_of_seq"`
	Rows     []ViolatingMessage `json:"rows"`
	// AgentNames are the names of the agents in the rows, by id.
	AgentNames map[string]string `json:"agent_names"`
	// Next is the cursor of the page that follows, empty on the last one.
	Next string `json:"next,omitempty"`
}

// ViolatingMessage is a message that was blocked or flagged, counted once as the
// fold counts it.
type ViolatingMessage struct {
	Seq          uint64               `json:"seq"`
	At           time.Time            `json:"at"` // of the verdict
	Conversation event.ConversationID `json:"conversation"`
	Session      int                  `json:"session"`
	Message      event.MessageID      `json:"message"`
	From         event.Actor          `json:"from"`
	Customer     *CustomerShort       `json:"customer"` // null if nobody knows who
	Channel      string               `json:"channel"`
	Team         string               `json:"team,omitempty"`
	Intent       string               `json:"intent"`
	Text         string               `json:"text"`
	Severity     event.Verdict        `json:"severity"` // block or flag
	Released     bool                 `json:"released,omitempty"`
	Dispute      string               `json:"dispute,omitempty"` // open, upheld, overturned
	Violations   []event.Violation    `json:"violations"`
}

// violationQuestion is a question for violations.
type violationQuestion struct {
	desk       *openedDesk
	calendar   *metric.Calendar
	from, to   metric.Day
	where      condition // on contributions k
	agents     []string  // the authors asked for
	severities []string
	categories []string
	rules      []string
	limit      int
	after      *violationMark
	nothing    bool
}

// Violations lists the messages that rules blocked or flagged on a range of
// days, the newest first, with the filters of reports: they are those that
// blocked_messages and flagged_messages count. values are the parameters of GET
// /v1/violations; agent asks for the author. Errors: *metric.FieldError for a
// faulty question, ErrUnavailable.
func (d *Database) Violations(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) (Violations, error) {
	var page Violations
	if err := checkText(values); err != nil {
		return page, err
	}
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		q, err := parseViolations(desk, scope, values, now)
		if err != nil {
			return err
		}
		page, err = q.page(ctx, d, tx)
		return err
	})
	if err != nil {
		return Violations{}, listError("violations", err)
	}
	return page, nil
}

func parseViolations(desk *openedDesk, scope Scope, values map[string][]string, now time.Time) (*violationQuestion, error) {
	for name := range values {
		if !slices.Contains(violationParameters, name) {
			return nil, &metric.FieldError{Field: name, Message: "unknown parameter; there are " + strings.Join(violationParameters, ", ")}
		}
	}
	q := &violationQuestion{desk: desk, calendar: metric.NewCalendar(desk.profile.Location())}
	var err error
	if q.from, q.to, err = metric.ParseRange(one(values, "from"), one(values, "to"), q.calendar.Day(now.UnixMilli()), &desk.profile.Settings); err != nil {
		return nil, err
	}
	if q.limit, err = pageLimit(values); err != nil {
		return nil, err
	}
	if s := one(values, "cursor"); s != "" {
		if q.after, err = parseViolationMark(s); err != nil {
			return nil, err
		}
	}
	f, err := metric.ParseFilter(filtersOf(values))
	if err != nil {
		return nil, err
	}
	f, q.nothing = scope.apply(f)
	if q.severities, err = choices(values, "severity", string(event.Block), string(event.Flag)); err != nil {
		return nil, err
	}
	q.agents, q.categories, q.rules = f.Agent, commaList(values["category"]), commaList(values["rule"])
	w := &q.where
	w.and("k.tenant = ?", desk.rows)
	w.and("k.per_agent = ?", len(f.Agent) > 0)
	w.and("(k.blocked_messages > 0 OR k.flagged_messages > 0)") // as the index says it
	w.in("k.channel", f.Channel)
	w.in("k.team", f.Team)
	w.in("k.intent", f.Intent)
	w.in("k.handling", f.Handling)
	w.in("k.agent", f.Agent)
	for _, by := range []struct {
		dimension string
		values    []string
	}{{"category", q.categories}, {"rule", q.rules}} {
		if len(by.values) > 0 {
			w.and(`EXISTS (SELECT FROM jsonb_array_elements(k.parts) p WHERE p->>'d' = ? AND p->>'v' = ANY(?))`, by.dimension, by.values)
		}
	}
	return q, nil
}

// page reads day after day backwards until the page is full.
func (q *violationQuestion) page(ctx context.Context, d *Database, tx pgx.Tx) (Violations, error) {
	page := Violations{From: q.from, To: q.to, Timezone: q.desk.profile.Timezone, Rows: []ViolatingMessage{}, AgentNames: map[string]string{}}
	var err error
	if page.AsOfSeq, err = d.asOfSeq(ctx, tx, q.desk.tenant); err != nil || q.nothing {
		return page, err
	}
	for last, more := q.latest(), true; more && len(page.Rows) <= q.limit; {
		var first metric.Day
		if first, more, err = q.days(ctx, tx, last, q.limit+1-len(page.Rows)); err != nil || !more && first > last {
			break
		}
		rows, err := q.read(ctx, tx, first, last)
		if err != nil {
			return page, err
		}
		page.Rows, last = append(page.Rows, rows...), first-1
	}
	if err != nil {
		return page, err
	}
	if len(page.Rows) > q.limit {
		page.Rows = page.Rows[:q.limit]
		page.Next = page.Rows[q.limit-1].mark().encode()
	}
	var agents []string
	for i := range page.Rows {
		if from := page.Rows[i].From; from.Kind == event.Agent {
			agents = append(agents, from.ID)
		}
	}
	page.AgentNames, err = namesOf(ctx, tx, q.desk.rows, agents)
	return page, err
}

// latest is the day on which the page begins.
func (q *violationQuestion) latest() metric.Day {
	if q.after == nil {
		return q.to
	}
	return min(q.to, q.calendar.Day(q.after.moment().UnixMilli()))
}

// days finds how far back from a day about so many messages go: whole days, the
// first of which is returned, and whether there may be more before it. Where
// there is none, the first is behind the last.
func (q *violationQuestion) days(ctx context.Context, tx pgx.Tx, last metric.Day, n int) (first metric.Day, more bool, err error) {
	w := q.where
	w.parts = slices.Clone(w.parts)
	w.and("k.day BETWEEN ? AND ?", q.from.Time(), last.Time())
	rows, err := tx.Query(ctx, `SELECT (k.day - DATE '1970-01-01'), sum(k.blocked_messages + k.flagged_messages)
		FROM contributions k WHERE `+w.sql()+` GROUP BY k.day ORDER BY k.day DESC`, w.args...)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	first = last + 1
	for found := 0; rows.Next(); {
		var day int32
		var count int
		if err := rows.Scan(&day, &count); err != nil {
			return 0, false, err
		}
		if found >= n {
			return first, true, nil
		}
		first, found = metric.Day(day), found+count
	}
	return first, false, rows.Err()
}

// heldEvents are the verdicts behind some rows of what counts, each message's first
// of its kind alone, with the text of what was flagged later. A row is of an hour:
// of the sessions that have one in it, an event belongs to the last that had begun.
const heldEvents = `
	SELECT e.seq, e.time, e.body, s.body, k.session, k.channel, k.team, k.intent,
		nullif(k.customer, ''), coalesce(u.name, ''), coalesce(u.email, ''), coalesce(u.phone, ''), coalesce(u.anonymous, false), coalesce(u.friend, false),
		e.type = 'message.blocked' AND EXISTS (SELECT FROM events r WHERE r.tenant = e.tenant AND r.conversation = e.conversation
			AND r.type = 'message.sent' AND r.body->'data'->>'message' = e.body->'data'->>'message' AND (r.epoch, r.seq) > (e.epoch, e.seq)),
		(SELECT coalesce(max(v.body->'data'->>'decision'), max('open')) FROM events v WHERE e.type = 'message.blocked' AND v.tenant = e.tenant AND v.conversation = e.conversation
			AND v.type IN ('dispute.opened', 'dispute.decided') AND v.body->'data'->>'message' = e.body->'data'->>'message')
	FROM contributions k
	JOIN events e ON e.tenant = %[2]s AND e.conversation = k.conversation
		AND e.time >= %[3]s AND e.time < %[4]s
		AND (e.type IN ('message.blocked', 'message.flagged') OR e.type = 'message.sent' AND e.body->'data'->'check'->>'verdict' = 'flag')
		AND (e.time AT TIME ZONE %[5]s)::date = k.day AND extract(hour FROM e.time AT TIME ZONE %[5]s) = k.hour
		AND (NOT k.per_agent OR e.body->'data'->'from'->>'id' = k.agent)
	LEFT JOIN LATERAL (SELECT s.body FROM events s WHERE e.type = 'message.flagged' AND s.tenant = e.tenant AND s.conversation = e.conversation
		AND s.type = 'message.sent' AND s.body->'data'->>'message' = e.body->'data'->>'message' ORDER BY s.epoch, s.seq LIMIT 1) s ON true
	LEFT JOIN customers u ON u.tenant = k.tenant AND u.customer = k.customer
	WHERE %[1]s
	AND k.session = coalesce((SELECT max(x.session) FROM contributions x WHERE x.tenant = k.tenant AND x.conversation = k.conversation
		AND x.day = k.day AND x.hour = k.hour AND x.per_agent = k.per_agent AND (x.blocked_messages > 0 OR x.flagged_messages > 0)
		AND x.session <= (SELECT max(c.session) FROM conversations c WHERE c.tenant = k.tenant AND c.conversation = k.conversation AND c.started_at <= e.time)), k.session)
	AND NOT EXISTS (SELECT FROM events p WHERE p.tenant = e.tenant AND p.conversation = e.conversation AND (p.epoch, p.seq) < (e.epoch, e.seq)
		AND p.body->'data'->>'message' = e.body->'data'->>'message'
		AND CASE WHEN e.type = 'message.blocked' THEN p.type = e.type
			ELSE p.type = 'message.flagged' OR p.type = 'message.sent' AND p.body->'data'->'check'->>'verdict' = 'flag' END)`

// read reads the violations of some days, those behind the page before, the newest first.
func (q *violationQuestion) read(ctx context.Context, tx pgx.Tx, first, last metric.Day) ([]ViolatingMessage, error) {
	w := q.where
	w.parts = slices.Clone(w.parts)
	w.and("k.day BETWEEN ? AND ?", first.Time(), last.Time())
	begin, end := time.UnixMilli(q.calendar.Start(first)).UTC(), time.UnixMilli(q.calendar.Start(last+1)).UTC()
	where := w.sql()
	sql := fmt.Sprintf(heldEvents, where, w.arg(q.desk.tenant), w.arg(begin), w.arg(end), w.arg(q.desk.profile.Timezone))
	all, err := rowsOf(ctx, tx, sql, w.args, scanViolation)
	if err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(all, func(m ViolatingMessage) bool { return !q.wants(&m) })
	slices.SortFunc(rows, func(a, b ViolatingMessage) int { return b.mark().compare(a.mark()) })
	return slices.CompactFunc(rows, func(a, b ViolatingMessage) bool { return a.mark() == b.mark() }), nil
}

func (q *violationQuestion) wants(m *ViolatingMessage) bool {
	has := func(asked []string, of func(event.Violation) string) bool {
		return len(asked) == 0 || slices.ContainsFunc(m.Violations, func(v event.Violation) bool { return slices.Contains(asked, of(v)) })
	}
	return (len(q.severities) == 0 || slices.Contains(q.severities, string(m.Severity))) &&
		(len(q.agents) == 0 || m.From.Kind == event.Agent && slices.Contains(q.agents, m.From.ID)) &&
		has(q.categories, func(v event.Violation) string { return v.Category }) &&
		has(q.rules, func(v event.Violation) string { return v.Rule }) &&
		(q.after == nil || m.mark().compare(*q.after) < 0)
}

func scanViolation(rows pgx.Rows, m *ViolatingMessage) error {
	var body, sent []byte
	var customer, dispute *string
	var u CustomerShort
	var seq int64
	if err := rows.Scan(&seq, &m.At, &body, &sent, &m.Session, &m.Channel, &m.Team, &m.Intent,
		&customer, &u.Name, &u.Email, &u.Phone, &u.Anonymous, &u.Friend, &m.Released, &dispute); err != nil {
		return err
	}
	e, err := event.Decode(body)
	if err != nil {
		return fmt.Errorf("stored event: %w", err)
	}
	m.Seq, m.At, m.Severity = uint64(max(0, seq)), m.At.UTC(), event.Flag
	switch d := e.Data.(type) {
	case *event.MessageBlocked:
		m.Conversation, m.Message, m.From, m.Text, m.Violations, m.Severity = d.Conversation, d.Message, d.From, d.Text, d.Violations, event.Block
	case *event.MessageSent:
		m.Conversation, m.Message, m.From, m.Text, m.Violations = d.Conversation, d.Message, d.From, d.Text, d.Check.Violations
	case *event.MessageFlagged:
		m.Conversation, m.Message, m.From, m.Violations = d.Conversation, d.Message, d.From, d.Violations
		if said, err := event.Decode(sent); err == nil && sent != nil {
			if s, ok := said.Data.(*event.MessageSent); ok {
				m.Text = s.Text
			}
		}
	}
	if m.Violations == nil {
		m.Violations = []event.Violation{}
	}
	if customer != nil {
		u.ID = *customer
		m.Customer = &u
	}
	if dispute != nil {
		m.Dispute = *dispute
	}
	return nil
}

// violationMark is where a message stands in the list: at a time, and of those by
// conversation, message and kind.
type violationMark struct {
	Micros       int64                `json:"t"`
	Conversation event.ConversationID `json:"c"`
	Message      event.MessageID      `json:"m"`
	Severity     event.Verdict        `json:"s"`
}

func (m *ViolatingMessage) mark() violationMark {
	return violationMark{m.At.UnixMicro(), m.Conversation, m.Message, m.Severity}
}

func (m *violationMark) moment() time.Time { return time.UnixMicro(m.Micros).UTC() }

func (m violationMark) compare(o violationMark) int {
	return cmp.Or(cmp.Compare(m.Micros, o.Micros), cmp.Compare(m.Conversation, o.Conversation), cmp.Compare(m.Message, o.Message), cmp.Compare(m.Severity, o.Severity))
}

func (m violationMark) encode() string {
	b, err := json.Marshal(m)
	if err != nil {
		return "" // cannot be: ids are valid UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseViolationMark(text string) (*violationMark, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	var m violationMark
	if err == nil {
		err = json.Unmarshal(b, &m, json.RejectUnknownMembers(true))
	}
	if err != nil || m.Conversation == "" || m.Micros > math.MaxInt64/2000 || m.Micros < -mostMicros/4 {
		return nil, wrongCursor()
	}
	return &m, nil
}

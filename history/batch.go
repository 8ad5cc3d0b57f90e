package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
)

// batch is what one transaction stores: events, and the rows of the fold's that
// they changed. It is encoded when it is made and holds nothing of the state.
type batch struct {
	first, last uint64
	arrived     int64 // of the message at last, nanoseconds since 1970
	lastEvent   event.Event
	refused     []refusedMessage
	duplicates  int
	months      map[month]struct{}
	seq         uint64 // of the tenant's last event, while its rows are added

	events copyBuffer
	tables [numTables]copyBuffer
}

type refusedMessage struct {
	message stream.Message
	refusal *event.Refusal
}

func newBatch() *batch { return &batch{months: map[month]struct{}{}} }

func (b *batch) reset() {
	b.first, b.last, b.arrived, b.lastEvent, b.duplicates = 0, 0, 0, event.Event{}, 0
	clear(b.refused)
	b.refused = b.refused[:0]
	clear(b.months)
	b.events.reset()
	for i := range b.tables {
		b.tables[i].reset()
	}
}

// event adds the row of an event that was taken.
func (b *batch) event(epoch int32, m *stream.Message, e *event.Event) {
	b.months[monthOf(e.Time)] = struct{}{}
	c := &b.events
	c.row(10)
	c.text(string(e.Tenant))
	c.micros(e.Time.UnixMicro())
	c.text(e.Source)
	c.text(e.ID)
	c.int4(int64(epoch))
	c.int8(int64(m.Seq)) //nolint:gosec // JetStream's sequences stay far below 2^63
	c.micros(m.Arrived.UnixMicro())
	c.text(string(e.Type))
	c.textOrNull(string(event.About(e.Data)))
	c.bytes(m.Raw)
}

func (b *batch) entity(t *tenantFold, r fold.Ref) error {
	st := t.state
	stored, err := st.Encode(r)
	if err != nil {
		return err
	}
	c := &b.tables[inEntities]
	c.row(5)
	c.text(t.rows)
	c.int2(int64(r.Kind))
	c.text(r.ID)
	c.int8(int64(st.Seq())) //nolint:gosec // JetStream's sequences stay far below 2^63
	c.bytes(stored)
	return nil
}

func (b *batch) tenant(st *fold.State) error {
	p := st.Profile()
	settings, err := json.Marshal(p.Settings, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode settings: %w", err)
	}
	c := &b.tables[inTenants]
	c.row(6)
	c.text(string(st.Tenant()))
	c.text(st.Name())
	c.text(p.Name)
	c.int8(p.Version)
	c.bytes(settings)
	c.millisOrNull(st.Latest())
	return nil
}

func (b *batch) directory(t *tenantFold) {
	for ch := range t.state.Channels() {
		c := &b.tables[inChannels]
		c.row(5)
		c.text(t.rows)
		c.text(string(ch.ID))
		c.text(ch.Name)
		c.text(ch.Kind)
		c.bool(ch.Disabled)
	}
	for g := range t.state.Teams() {
		c := &b.tables[inTeams]
		c.row(5)
		c.text(t.rows)
		c.text(string(g.ID))
		c.text(g.Name)
		c.int8OrNull(g.Capacity)
		c.bool(g.Disabled)
	}
}

func (b *batch) agent(rows string, a *fold.Agent) {
	c := &b.tables[inAgents]
	c.row(10)
	c.text(rows)
	c.text(string(a.ID))
	c.text(a.Name)
	c.text(a.Department)
	texts(c, a.Teams)
	texts(c, a.Channels)
	c.int8OrNull(a.Capacity)
	c.bool(a.Disabled)
	c.text(string(a.Status))
	c.millisOrNull(a.OnlineSince)
	for day, d := range a.Days {
		if !d.Dirty {
			continue
		}
		d.Dirty = false
		b.agentDay(rows, a.ID, day, d)
	}
}

func (b *batch) agentDay(rows string, id event.AgentID, day metric.Day, d *fold.AgentDay) {
	c := &b.tables[inAgentDays]
	c.row(5)
	c.text(rows)
	c.text(string(id))
	c.day(int64(day))
	c.int8(d.Online)
	c.millisOrNull(d.First)
}

func (b *batch) customer(rows string, u *fold.Customer) {
	c := &b.tables[inCustomers]
	c.row(9)
	c.text(rows)
	c.text(string(u.ID))
	c.text(u.Name)
	c.text(u.Reached().Email)
	c.text(u.Reached().Phone)
	c.bool(u.Anonymous)
	c.bool(u.Friend)
	c.int8(int64(b.seq)) //nolint:gosec // JetStream's sequences stay far below 2^63
	c.millisOrNull(u.WroteAt)
}

// loose adds the row of what belongs to no conversation. Its id stands for the
// conversation's, its session is looseSession.
func (b *batch) loose(rows string, l *fold.Loose) error {
	if !l.Row.Dirty {
		return nil
	}
	l.Row.Dirty = false
	return b.contribution(looseContribution(rows, l))
}

func looseContribution(rows string, l *fold.Loose) *contribution {
	var credits map[string]map[string]string
	if len(l.Used)+len(l.Added) > 0 {
		credits = make(map[string]map[string]string, 2)
	}
	if len(l.Used) > 0 {
		credits["used"] = l.Used.Strings()
	}
	if len(l.Added) > 0 {
		credits["added"] = l.Added.Strings()
	}
	return &contribution{
		tenant: rows, conversation: l.Ref().ID, session: looseSession, row: &l.Row,
		channel: string(l.Row.Channel), customer: string(l.Customer), credits: credits,
	}
}

// looseSession is the session of rows that belong to no conversation.
const looseSession = -1

// session adds the session's row and those of its contributions that changed.
func (b *batch) session(rows string, s *fold.Session) error {
	c := &b.tables[inConversations]
	c.row(len(conversationColumns))
	c.text(rows)
	c.text(string(s.Conversation))
	c.int4(int64(s.Number))
	c.day(int64(s.StartDay))
	c.micros(s.Started * 1000)
	if s.Closed {
		c.millisOrNull(s.ClosedAt)
	} else {
		c.null()
	}
	c.micros(s.Updated * 1000)
	c.text(string(s.Channel))
	c.textOrNull(string(s.Customer))
	c.textOrNull(string(s.Agent))
	texts(c, s.Agents())
	c.textOrNull(string(s.Team))
	c.text(string(s.IntentOrOther()))
	texts(c, s.More().Tags)
	c.text(string(s.Handling))
	c.text(sessionState(s))
	c.text(string(s.AIStatus))
	if s.More().Stars == 0 {
		c.null()
	} else {
		c.int2(s.More().Stars)
	}
	texts(c, s.More().Reasons)
	c.bool(s.Risky)
	c.int4(int64(s.FromCustomer))
	c.int4(int64(s.FromAgent))
	c.int4(int64(s.FromBot))
	c.text(s.FirstQuestion)
	if s.HasFirst {
		c.int8(s.More().FirstResponse)
	} else {
		c.null()
	}
	switch {
	case !s.TurnOpen:
		c.null()
	case s.Handler.Kind == event.Agent:
		c.text(s.Handler.ID)
	default:
		c.text("")
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		if !r.Dirty {
			continue
		}
		r.Dirty = false
		if err := b.contribution(sessionContribution(rows, s, i)); err != nil {
			return err
		}
	}
	return nil
}

// contribution is one row of the reports' and what it is counted under.
type contribution struct {
	tenant, conversation, channel, team, agent string
	intent, handling, aiStatus, customer       string
	session, position                          int
	tags                                       []string
	revenue                                    metric.Money
	credits                                    map[string]map[string]string
	row                                        *fold.Row
}

func sessionContribution(tenant string, s *fold.Session, position int) *contribution {
	r := &s.Rows[position]
	c := &contribution{
		tenant: tenant, conversation: string(s.Conversation), session: s.Number, position: position, row: r,
		channel: string(s.Channel), team: string(s.Team), agent: string(s.Agent),
		intent: string(s.IntentOrOther()), handling: string(s.Handling), aiStatus: string(s.AIStatus), customer: string(s.Customer), tags: s.More().Tags,
	}
	switch {
	case r.Agent != "":
		c.channel, c.team, c.agent = string(r.Channel), string(r.Team), string(r.Agent)
	case r.Slot() == s.Start(): // where a session's revenue belongs
		c.revenue = s.More().Revenue
	}
	return c
}

func (b *batch) contribution(x *contribution) error {
	r := x.row
	c := &b.tables[inContributions]
	var counts metric.Counts
	counts.AddFew(&r.Counts, 1)
	c.row(len(contributionColumns) + len(counts))
	c.text(x.tenant)
	c.text(x.conversation)
	c.int4(int64(x.session))
	c.int4(int64(x.position))
	c.int8(int64(b.seq)) //nolint:gosec // JetStream's sequences stay far below 2^63
	c.day(int64(r.Day))
	c.int2(int64(r.Hour))
	c.bool(r.Agent != "")
	c.text(x.channel)
	c.text(x.team)
	c.text(x.agent)
	c.text(x.intent)
	c.text(x.handling)
	c.text(x.aiStatus)
	texts(c, x.tags)
	c.text(x.customer)
	if err := errors.Join(c.money(x.revenue), c.money(r.AISales()), c.document(x.credits, len(x.credits) == 0)); err != nil {
		return fmt.Errorf("encode a row: %w", err)
	}
	if len(r.Parts()) == 0 {
		c.null()
	} else if err := c.document(storedParts(r.Parts()), false); err != nil {
		return fmt.Errorf("encode a row: %w", err)
	}
	for i, n := range counts {
		if wide[i] {
			c.int8(n)
		} else {
			c.int4(n)
		}
	}
	return nil
}

// money adds amounts as a jsonb, or null: most rows have none.
func (c *copyBuffer) money(m metric.Money) error {
	if len(m) == 0 {
		c.null()
		return nil
	}
	return c.document(m.Strings(), false)
}

// document adds a jsonb, or null.
func (c *copyBuffer) document(v any, none bool) error {
	if none {
		c.null()
		return nil
	}
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err
	}
	c.jsonb(text)
	return nil
}

// storedPart is a metric.Part as it stands in the column parts.
type storedPart struct {
	Dimension string            `json:"d"`
	Value     string            `json:"v"`
	Counter   string            `json:"c,omitzero"` // none: money
	N         int64             `json:"n,omitzero"`
	Money     map[string]string `json:"m,omitzero"`
}

func storedParts(list []metric.Part) []storedPart {
	out := make([]storedPart, len(list))
	for i := range list {
		p := &list[i]
		out[i] = storedPart{Dimension: string(p.Dimension), Value: p.Value}
		if p.Money != nil {
			out[i].Money = p.Money.Strings()
		} else {
			out[i].Counter, out[i].N = p.Counter.String(), p.N
		}
	}
	return out
}

// sessionState is what a session's row says of its state.
func sessionState(s *fold.Session) string {
	switch {
	case s.Closed:
		return "closed"
	case s.Queued:
		return "queued"
	case s.Handler.Kind == event.Bot:
		return "bot"
	case s.Handler.Kind == event.Agent:
		return "human"
	}
	return "open"
}

func (c *copyBuffer) int8OrNull(v *int64) {
	if v == nil {
		c.null()
		return
	}
	c.int8(*v)
}

// makeStages makes the temporary tables that write needs, once for a connection.
func makeStages(ctx context.Context, conn *pgx.Conn) error {
	var all strings.Builder
	for i := range derived {
		all.WriteString(derived[i].make + ";")
	}
	_, err := conn.Exec(ctx, all.String())
	return err
}

// writeDerived brings the fold's tables up to the batch, in the connection's transaction.
func (b *batch) writeDerived(ctx context.Context, conn *pgx.Conn) error {
	for i := range derived {
		if b.tables[i].rows == 0 {
			continue
		}
		if err := b.tables[i].send(ctx, conn, derived[i].copy); err != nil {
			return fmt.Errorf("stage %s: %w", derived[i].name, err)
		}
		if _, err := conn.Exec(ctx, derived[i].upsert); err != nil {
			return fmt.Errorf("write %s: %w", derived[i].name, err)
		}
	}
	return nil
}

// arrival is when the message at a batch's end was taken.
func (b *batch) arrival() time.Time { return time.Unix(0, b.arrived).UTC() }

package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
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

func (b *batch) entity(st *fold.State, r fold.Ref) error {
	stored, err := st.Encode(r)
	if err != nil {
		return err
	}
	c := &b.tables[inEntities]
	c.row(5)
	c.text(string(st.Tenant()))
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

func (b *batch) directory(st *fold.State) {
	tenant := string(st.Tenant())
	for ch := range st.Channels() {
		c := &b.tables[inChannels]
		c.row(5)
		c.text(tenant)
		c.text(string(ch.ID))
		c.text(ch.Name)
		c.text(ch.Kind)
		c.bool(ch.Disabled)
	}
	for g := range st.Teams() {
		c := &b.tables[inTeams]
		c.row(5)
		c.text(tenant)
		c.text(string(g.ID))
		c.text(g.Name)
		c.int8OrNull(g.Capacity)
		c.bool(g.Disabled)
	}
}

func (b *batch) agent(tenant event.TenantID, a *fold.Agent) {
	c := &b.tables[inAgents]
	c.row(10)
	c.text(string(tenant))
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
		c := &b.tables[inAgentDays]
		c.row(5)
		c.text(string(tenant))
		c.text(string(a.ID))
		c.day(int64(day))
		c.int8(d.Online)
		c.millisOrNull(d.First)
	}
}

func (b *batch) customer(tenant event.TenantID, u *fold.Customer) {
	c := &b.tables[inCustomers]
	c.row(7)
	c.text(string(tenant))
	c.text(string(u.ID))
	c.text(u.Name)
	c.text(u.Email)
	c.text(u.Phone)
	c.bool(u.Anonymous)
	c.bool(u.Friend)
}

func (b *batch) broadcast(tenant event.TenantID, d *fold.Broadcast) {
	c := &b.tables[inBroadcastDays]
	c.row(4)
	c.text(string(tenant))
	c.day(int64(d.Day))
	c.text(string(d.Channel))
	c.int8(d.Sent)
}

// session adds the session's row and those of its contributions that changed.
func (b *batch) session(tenant event.TenantID, s *fold.Session) error {
	c := &b.tables[inConversations]
	c.row(len(conversationColumns))
	c.text(string(tenant))
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
	texts(c, s.Tags)
	c.text(string(s.Handling))
	c.text(sessionState(s))
	if s.Stars == 0 {
		c.null()
	} else {
		c.int2(s.Stars)
	}
	texts(c, s.Reasons)
	c.bool(s.Risky)
	c.int4(s.FromCustomer)
	c.int4(s.FromAgent)
	c.int4(s.FromBot)
	c.text(s.FirstQuestion)
	if s.HasFirst {
		c.int8(s.FirstResponse)
	} else {
		c.null()
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		if !r.Dirty {
			continue
		}
		r.Dirty = false
		if err := b.contribution(tenant, s, i, r); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) contribution(tenant event.TenantID, s *fold.Session, position int, r *fold.Row) error {
	channel, team, agent := s.Channel, s.Team, s.Agent
	if r.Agent != "" {
		channel, team, agent = r.Channel, r.Team, r.Agent
	}
	c := &b.tables[inContributions]
	c.row(len(contributionColumns) + len(r.Counts))
	c.text(string(tenant))
	c.text(string(s.Conversation))
	c.int4(int64(s.Number))
	c.int4(int64(position))
	c.day(int64(r.Day))
	c.bool(r.Agent != "")
	c.text(string(channel))
	c.text(string(team))
	c.text(string(agent))
	c.text(string(s.IntentOrOther()))
	c.text(string(s.Handling))
	c.text(string(s.Customer))
	// A session's revenue stands on its row of the day on which it began.
	if r.Agent == "" && r.Day == s.StartDay && len(s.Revenue) > 0 {
		money, err := json.Marshal(s.Revenue.Strings(), json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("encode revenue: %w", err)
		}
		c.jsonb(money)
	} else {
		c.null()
	}
	for i, n := range r.Counts {
		if wide[i] {
			c.int8(n)
		} else {
			c.int4(n)
		}
	}
	return nil
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

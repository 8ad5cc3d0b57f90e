package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// mostOfCustomer bounds a customer's conversations and orders in one answer; the
// list of conversations pages through all of them.
const mostOfCustomer = 100

// Customer is who a customer is, and what he did here.
type Customer struct {
	ID        string     `json:"id"`
	AsOfSeq   uint64     `json:"as_of_seq"`
	Name      string     `json:"name"`
	Email     string     `json:"email,omitzero"`
	Phone     string     `json:"phone,omitzero"`
	URL       string     `json:"url,omitzero"`
	Anonymous bool       `json:"anonymous"`
	Friend    bool       `json:"friend"`
	WroteAt   *time.Time `json:"first_message_at"` // null: he never wrote
	// Sessions is how many there are that the caller may see; Rows are the latest 100.
	Sessions   int               `json:"sessions"`
	Rows       []ConversationRow `json:"rows"`
	AgentNames map[string]string `json:"agent_names"`
	// Orders are the latest 100, Paid is the sum of all, by currency.
	Orders []CustomerOrder   `json:"orders"`
	Paid   map[string]string `json:"paid"`
}

// CustomerOrder is a paid order, and the chat that it counts on, if any.
type CustomerOrder struct {
	Order        string    `json:"order"`
	PaidAt       time.Time `json:"paid_at"`
	Amount       string    `json:"amount"`
	Currency     string    `json:"currency"`
	Conversation string    `json:"conversation,omitzero"`
	Session      int       `json:"session,omitzero"`
}

// Customer answers GET /v1/customers/{id}. Within a scope a customer is seen who
// has a session there; his orders are told where nothing is narrowed, because
// they belong to no team. Errors: ErrNotFound, ErrUnavailable.
func (d *Database) Customer(ctx context.Context, tenant, id string, scope Scope) (*Customer, error) {
	c := &Customer{ID: id, Orders: []CustomerOrder{}, Paid: map[string]string{}}
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		return c.read(ctx, d, tx, desk, scope)
	})
	if err != nil {
		return nil, fmt.Errorf("customer: %w", err)
	}
	return c, nil
}

func (c *Customer) read(ctx context.Context, d *Database, tx pgx.Tx, desk *openedDesk, scope Scope) error {
	var err error
	if c.AsOfSeq, err = d.asOfSeq(ctx, tx, desk.tenant); err != nil {
		return err
	}
	w, err := c.find(ctx, tx, desk, scope)
	if err != nil {
		return err
	}
	c.Rows, err = rowsOf(ctx, tx, fmt.Sprintf("SELECT %s FROM %s WHERE %s%s LIMIT %d",
		listColumns, listed, w.sql(), latestFirst, mostOfCustomer), w.args, scanConversation)
	if err != nil {
		return err
	}
	if c.AgentNames, err = agentNames(ctx, tx, desk.rows, c.Rows); err != nil || scope.narrowed() {
		return err
	}
	entity, err := customerEntity(ctx, tx, desk, c.ID)
	if err != nil || entity == nil {
		return err
	}
	c.URL = entity.Reached().URL
	c.orders(entity)
	return nil
}

// find reads who a customer is, and finds his sessions that the caller may see.
// Errors: ErrNotFound, also where a scope holds none.
func (c *Customer) find(ctx context.Context, tx pgx.Tx, desk *openedDesk, scope Scope) (own *condition, err error) {
	if err := checkText(map[string][]string{"id": {c.ID}}); err != nil {
		return nil, ErrNotFound
	}
	err = tx.QueryRow(ctx, `SELECT name, email, phone, anonymous, friend, wrote_at FROM customers WHERE tenant = $1 AND customer = $2`, desk.rows, c.ID).
		Scan(&c.Name, &c.Email, &c.Phone, &c.Anonymous, &c.Friend, &c.WroteAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	if c.WroteAt != nil {
		at := c.WroteAt.UTC()
		c.WroteAt = &at
	}
	own = sessionsOf(desk, c.ID, scope)
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM conversations c WHERE "+own.sql(), own.args...).Scan(&c.Sessions); err != nil {
		return nil, err
	}
	if scope.narrowed() && c.Sessions == 0 {
		return nil, ErrNotFound
	}
	return own, nil
}

// latestFirst is the order of a customer's conversations.
const latestFirst = " ORDER BY c.started_at DESC, c.conversation, c.session"

// sessionsOf are a customer's that the caller may see.
func sessionsOf(desk *openedDesk, id string, scope Scope) *condition {
	w := &condition{}
	w.and("c.tenant = ?", desk.rows)
	w.and("c.customer = ?", id)
	w.in("c.channel", scope.Channels)
	w.in("c.team", scope.Teams)
	if scope.Agent != "" {
		w.and("c.agents && ?", []string{scope.Agent})
	}
	return w
}

// orders takes the orders over, the latest first.
func (c *Customer) orders(entity *fold.Customer) {
	paid := metric.Money{}
	for i := range entity.More().Orders {
		o := &entity.More().Orders[i]
		paid.Add(o.Currency, o.Amount)
		c.Orders = append(c.Orders, orderOf(o))
	}
	c.Paid = paid.Strings()
	slices.SortStableFunc(c.Orders, func(a, b CustomerOrder) int { return b.PaidAt.Compare(a.PaidAt) })
	c.Orders = c.Orders[:min(len(c.Orders), mostOfCustomer)]
}

func orderOf(o *fold.Order) CustomerOrder {
	out := CustomerOrder{Order: string(o.ID), PaidAt: time.UnixMilli(o.Paid).UTC(), Amount: metric.FormatAmount(o.Currency, o.Amount), Currency: o.Currency}
	if o.Chat != nil {
		out.Conversation, out.Session = string(o.Chat.Conversation), o.Chat.Number
	}
	return out
}

// customerEntity is what the fold keeps of a customer, nil if it is not there.
func customerEntity(ctx context.Context, tx pgx.Tx, desk *openedDesk, id string) (*fold.Customer, error) {
	var stored []byte
	err := tx.QueryRow(ctx, `SELECT state FROM entities WHERE tenant = $1 AND kind = $2 AND id = $3`, desk.rows, int16(fold.KindCustomer), id).Scan(&stored)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none, which is no error
	}
	if err != nil {
		return nil, err
	}
	entity := &fold.Customer{}
	if err := json.Unmarshal(stored, entity); err != nil {
		return nil, fmt.Errorf("read a customer: %w", err)
	}
	return entity, nil
}

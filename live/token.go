package live

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/floorlight/floorlight/hub/event"
)

// TokenID names a token: its tenant, a dot, and 26 random letters and digits.
type TokenID string

// Claims are what a token says of its bearer.
type Claims struct {
	ID       TokenID
	Tenant   event.TenantID // may be empty for an operator only
	User     string
	Role     Role
	Agent    event.AgentID // required for the role agent
	Teams    []event.TeamID
	Channels []event.ChannelID
	// Expires is when the token ends by itself. Only a wallboard's may be zero: never.
	Expires time.Time
}

const (
	tokenAudience  = "floorlight"
	ticketAudience = "floorlight-ticket"
	// ticketTTL is how long a ticket is good for.
	ticketTTL = 30 * time.Second
)

// ErrToken is the error of a token that is not, or no longer, good.
var ErrToken = errors.New("the token is not valid")

// errExpired is the ErrToken of a token that was good once.
var errExpired = fmt.Errorf("%w: expired", ErrToken)

// wire is a token's or a ticket's payload.
type wire struct {
	jwt.RegisteredClaims
	Tenant   event.TenantID    `json:"tenant,omitempty"`
	Role     Role              `json:"role"`
	Agent    event.AgentID     `json:"agent,omitempty"`
	Teams    []event.TeamID    `json:"teams,omitempty"`
	Channels []event.ChannelID `json:"channels,omitempty"`
	// Of a ticket: the token that it stands for, and when that ends (0: never).
	Token      TokenID `json:"token,omitempty"`
	TokenUntil int64   `json:"token_until,omitempty"`
}

// NewTokenID makes the id of a token of that tenant.
func NewTokenID(tenant event.TenantID) TokenID {
	return TokenID(string(tenant) + "." + randomText())
}

// randomText is 128 random bits in lower-case letters and digits.
func randomText() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand says so
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// Issue signs a token. An empty ID is replaced by a new one; the claims that a
// token cannot have are an error.
func Issue(secret []byte, c Claims) (string, error) {
	if c.ID == "" {
		c.ID = NewTokenID(c.Tenant)
	}
	if err := c.check(); err != nil {
		return "", err
	}
	w := c.wire(tokenAudience)
	w.ID = string(c.ID)
	if !c.Expires.IsZero() {
		w.ExpiresAt = jwt.NewNumericDate(c.Expires)
	}
	return sign(secret, &w)
}

// ReadToken verifies a token at that time and returns what it says. Its error
// wraps ErrToken. Revocation is not looked at.
func ReadToken(secret []byte, token string, now time.Time) (Claims, error) {
	w, err := verify(secret, token, tokenAudience, now)
	if err != nil {
		return Claims{}, err
	}
	c := w.claims()
	c.ID = TokenID(w.ID)
	if w.ExpiresAt != nil {
		c.Expires = w.ExpiresAt.UTC()
	}
	if err := c.check(); err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return c, nil
}

func (c *Claims) check() error {
	switch {
	case !slices.Contains(Roles, c.Role):
		return fmt.Errorf("unknown role %q", c.Role)
	case c.Tenant == "" && c.Role != RoleOperator, c.Tenant != "" && !event.ValidTenant(string(c.Tenant)):
		return fmt.Errorf("%q cannot name a tenant", c.Tenant)
	case c.Role == RoleAgent && c.Agent == "":
		return errors.New("a token of the role agent names the agent")
	case len(c.Agent) > event.MaxID:
		return errors.New("the agent's id is too long")
	case c.Expires.IsZero() && c.Role != RoleWallboard:
		return errors.New("only a wallboard's token may have no end")
	case len(c.ID) == 0 || len(c.ID) > 256:
		return errors.New("a token has an id of 1 to 256 bytes")
	}
	return nil
}

func (c *Claims) wire(audience string) wire {
	return wire{
		RegisteredClaims: jwt.RegisteredClaims{Subject: c.User, Audience: jwt.ClaimStrings{audience}},
		Tenant:           c.Tenant, Role: c.Role, Agent: c.Agent, Teams: c.Teams, Channels: c.Channels,
	}
}

func (w *wire) claims() Claims {
	return Claims{Tenant: w.Tenant, User: w.Subject, Role: w.Role, Agent: w.Agent, Teams: w.Teams, Channels: w.Channels}
}

func sign(secret []byte, w *wire) (string, error) {
	if len(secret) == 0 {
		return "", errors.New("there is no secret to sign with")
	}
	s, err := jwt.NewWithClaims(jwt.SigningMethodHS256, w).SignedString(secret)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return s, nil
}

func verify(secret []byte, text, audience string, now time.Time) (*wire, error) {
	var w wire
	_, err := jwt.ParseWithClaims(text, &w, func(*jwt.Token) (any, error) { return secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(audience),
		jwt.WithTimeFunc(func() time.Time { return now }))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, errExpired
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return &w, nil
}

// newTicket makes a one-time ticket for the bearer of a token.
func newTicket(secret []byte, c *Claims, now time.Time) (ticket string, expires time.Time, err error) {
	w := c.wire(ticketAudience)
	expires = now.Add(ticketTTL).Truncate(time.Second)
	if expires.Before(now.Add(ticketTTL)) {
		expires = expires.Add(time.Second) // a JWT's times are whole seconds
	}
	w.ID, w.ExpiresAt, w.Token = randomText(), jwt.NewNumericDate(expires), c.ID
	if !c.Expires.IsZero() {
		w.TokenUntil = c.Expires.Unix()
	}
	ticket, err = sign(secret, &w)
	return ticket, expires.UTC(), err
}

// readTicket verifies a ticket and returns the claims of the token that it
// stands for, and the id by which it is claimed.
func readTicket(secret []byte, ticket string, now time.Time) (c Claims, id string, err error) {
	w, err := verify(secret, ticket, ticketAudience, now)
	if err != nil {
		return Claims{}, "", err
	}
	c = w.claims()
	c.ID = w.Token
	if w.TokenUntil > 0 {
		if c.Expires = time.Unix(w.TokenUntil, 0).UTC(); !now.Before(c.Expires) {
			return Claims{}, "", errExpired
		}
	}
	if err := c.check(); err != nil {
		return Claims{}, "", fmt.Errorf("%w: %w", ErrToken, err)
	}
	return c, w.ID, nil
}

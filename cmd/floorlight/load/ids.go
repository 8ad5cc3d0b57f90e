package load

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
)

// IDs says what is stored.
type IDs interface {
	// Events are the ids of a tenant's events of one source since a moment, each
	// with how often it is stored.
	Events(ctx context.Context, tenant event.TenantID, source string, since time.Time) (map[string]int, error)
	// Messages are the ids of the messages of such events.
	Messages(ctx context.Context, tenant event.TenantID, source string, since time.Time) (map[string]int, error)
}

// Database reads them from the server's PostgreSQL. It belongs to one goroutine.
type Database struct{ conn *pgx.Conn }

// OpenDatabase connects; Close ends the connection.
func OpenDatabase(ctx context.Context, url string) (*Database, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be read: %w", err)
	}
	return &Database{conn: conn}, nil
}

// DatabaseIn is the URL of the PostgreSQL that a server on a data directory runs;
// empty if there is none.
func DatabaseIn(dataDir string) string {
	file, err := os.Open(filepath.Join(dataDir, "postgres", "cluster", "postmaster.pid")) //nolint:gosec // The data directory is the operator's to choose.
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // it was only read.
	var fields []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields = append(fields, strings.TrimSpace(lines.Text()))
	}
	const port, socketDir = 3, 4
	if len(fields) <= socketDir || fields[socketDir] == "" {
		return ""
	}
	query := url.Values{"host": {fields[socketDir]}, "port": {fields[port]}, "sslmode": {"disable"}}
	return "postgres://floorlight@/floorlight?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// Close ends the connection.
func (d *Database) Close(ctx context.Context) error { return d.conn.Close(ctx) }

// Events reads ids; see [IDs].
func (d *Database) Events(ctx context.Context, tenant event.TenantID, source string, since time.Time) (map[string]int, error) {
	return d.count(ctx, `SELECT id FROM events WHERE tenant = $1 AND source = $2 AND time >= $3`, tenant, source, since)
}

// Messages reads ids; see [IDs].
func (d *Database) Messages(ctx context.Context, tenant event.TenantID, source string, since time.Time) (map[string]int, error) {
	return d.count(ctx, `SELECT coalesce(body->'data'->>'message', body->>'message', '') FROM events
		WHERE tenant = $1 AND source = $2 AND time >= $3 AND type IN ('message.sent', 'message.blocked')`, tenant, source, since)
}

func (d *Database) count(ctx context.Context, sql string, tenant event.TenantID, source string, since time.Time) (map[string]int, error) {
	rows, err := d.conn.Query(ctx, sql, string(tenant), source, since)
	if err != nil {
		return nil, fmt.Errorf("the stored ids cannot be read: %w", err)
	}
	found := map[string]int{}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		found[id]++
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the stored ids cannot be read: %w", err)
	}
	return found, nil
}

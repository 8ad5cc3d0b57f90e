package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/floorlight/floorlight/hub/stream"
)

// What can go wrong, for errors.Is. Each is wrapped around the cause.
var (
	// ErrUnavailable says that PostgreSQL does not answer: it is down, starting,
	// stopping or too busy. Ask again.
	ErrUnavailable = errors.New("the database is unavailable")
	// ErrFenced says that another writer has moved the partition's cursor.
	ErrFenced = errors.New("another writer owns the partition")
	// ErrNewerSchema says that a newer program has changed the database's schema.
	ErrNewerSchema = errors.New("the database has a newer schema than this program")
	// ErrNewerFold says that a newer program has computed the stored numbers.
	ErrNewerFold = errors.New("the stored numbers are of a newer version than this program's")
	// ErrOldFold says that an older program has computed the stored numbers, and
	// they have not been computed anew yet; it is an ErrUnavailable. Ask again.
	ErrOldFold = fmt.Errorf("%w: the stored numbers are of an older version than this program's, and are computed anew", ErrUnavailable)
	// ErrUnknownTenant says that nothing is stored of a tenant.
	ErrUnknownTenant = errors.New("no such tenant")
	// ErrBusy says that too many questions wait to have events folded under a profile
	// that is not in force; it is an ErrUnavailable. Ask again.
	ErrBusy = fmt.Errorf("%w: too many questions wait for history to be folded under another profile", ErrUnavailable)

	// errTwice says that a batch holds an event that is stored already.
	errTwice = errors.New("an event of the batch is stored already")
	// errStale says that what the writer holds in memory was changed in the database.
	errStale = errors.New("the stored numbers were computed anew")
)

const (
	codeUniqueViolation = "23505"
	codeReadOnly        = "25006"
	codeNotAccepting    = "55000"
)

// interpret turns an error of the driver into one of ours, wrapped around it.
func interpret(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, ErrUnavailable):
		return err
	case errors.Is(err, stream.ErrUnavailable), errors.Is(err, stream.ErrClosed), errors.Is(err, stream.ErrFull):
		return err // of the other side
	}
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch refusal.Code[:min(2, len(refusal.Code))] {
		case "08", "53", "57", "58": // connection, resources, operator, system
			return fmt.Errorf("%w: %w", ErrUnavailable, scrubbed(refusal))
		}
		switch refusal.Code {
		case codeReadOnly, codeNotAccepting: // a standby, before it is the one to write to
			return fmt.Errorf("%w: %w", ErrUnavailable, scrubbed(refusal))
		}
		return scrubbed(refusal)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, context.DeadlineExceeded), pgconn.Timeout(err), pgconn.SafeToRetry(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case errors.Is(err, pgx.ErrTxClosed), errors.Is(err, pgx.ErrTxCommitRollback):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// databaseError is PostgreSQL's refusal without what it quotes from rows, which
// may hold customers' words.
type databaseError struct {
	code, message, constraint, table string
	cause                            *pgconn.PgError
}

func scrubbed(e *pgconn.PgError) error {
	return &databaseError{code: e.Code, message: e.Message, constraint: e.ConstraintName, table: e.TableName, cause: e}
}

func (e *databaseError) Error() string {
	s := "PostgreSQL: " + e.code
	switch e.code[:min(2, len(e.code))] {
	case "22", "23": // their messages quote values
	default:
		s += " " + e.message
	}
	if e.constraint != "" {
		s += " (" + e.constraint + ")"
	}
	if e.table != "" {
		s += " of " + e.table
	}
	return s
}

func (e *databaseError) Unwrap() error { return e.cause }

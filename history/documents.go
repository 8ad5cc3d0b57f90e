package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// DocumentKind says what a document is.
type DocumentKind string

// The kinds of documents.
const (
	Boards     DocumentKind = "board"
	Thresholds DocumentKind = "thresholds"
	Rules      DocumentKind = "rules"
	Tokens     DocumentKind = "token"
)

// Document is one version of what somebody set up for a desk. Body is JSON.
type Document struct {
	Kind    DocumentKind
	ID      string
	Version int64
	At      time.Time
	Author  string
	Deleted bool
	Body    jsontext.Value
}

// ErrVersion says that somebody else has changed the document meanwhile.
var ErrVersion = errors.New("the document has another version")

const documentColumns = "kind, id, version, at, author, deleted, body"

func scanDocument(rows pgx.Rows, d *Document) error {
	var body []byte
	err := rows.Scan(&d.Kind, &d.ID, &d.Version, &d.At, &d.Author, &d.Deleted, &body)
	d.At, d.Body = d.At.UTC(), body
	return err
}

// Documents lists the newest version of each document of a kind, without those
// that are deleted, sorted by id. Errors: ErrUnavailable.
func (d *Database) Documents(ctx context.Context, tenant string, kind DocumentKind) ([]Document, error) {
	return d.documents(ctx, `SELECT `+documentColumns+` FROM (
		SELECT DISTINCT ON (id) * FROM documents WHERE tenant = $1 AND kind = $2 ORDER BY id, version DESC
	) newest WHERE NOT deleted ORDER BY id`, tenant, kind)
}

// Versions lists a document's versions, the newest first, at most limit of them
// and only those before a version; 0 is all. Errors: ErrUnavailable.
func (d *Database) Versions(ctx context.Context, tenant string, kind DocumentKind, id string, before int64, limit int) ([]Document, error) {
	return d.documents(ctx, `SELECT `+documentColumns+` FROM documents
		WHERE tenant = $1 AND kind = $2 AND id = $3 AND ($4 = 0 OR version < $4) ORDER BY version DESC LIMIT $5`, tenant, kind, id, before, limit)
}

// Document is the newest version of a document, also if that says that it is
// deleted. Errors: ErrNotFound, ErrUnavailable.
func (d *Database) Document(ctx context.Context, tenant string, kind DocumentKind, id string) (Document, error) {
	list, err := d.Versions(ctx, tenant, kind, id, 0, 1)
	switch {
	case err != nil:
		return Document{}, err
	case len(list) == 0:
		return Document{}, ErrNotFound
	}
	return list[0], nil
}

func (d *Database) documents(ctx context.Context, sql string, args ...any) ([]Document, error) {
	var all []Document
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		var err error
		all, err = rowsOf(ctx, tx, sql, args, scanDocument)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	return all, nil
}

// PutDocument stores the version after next.Version, which is 0 for a document
// that does not exist yet, and returns it. Two who put after the same version
// cannot both succeed. Errors: ErrVersion, ErrUnavailable.
func (d *Database) PutDocument(ctx context.Context, tenant string, next Document) (Document, error) {
	after := next.Version
	next.Version, next.At = after+1, next.At.UTC().Truncate(time.Microsecond)
	tag, err := d.pool.Exec(ctx, `INSERT INTO documents (tenant, kind, id, version, at, author, deleted, body)
		SELECT $1::text, $2::text, $3::text, $4::bigint, $5, $6, $7::boolean, $8
		WHERE $4::bigint - 1 = (SELECT coalesce(max(version), 0) FROM documents WHERE tenant = $1 AND kind = $2 AND id = $3)`,
		tenant, next.Kind, next.ID, next.Version, next.At, next.Author, next.Deleted, []byte(next.Body))
	refusal, refused := errors.AsType[*pgconn.PgError](err)
	switch {
	case refused && refusal.Code == codeUniqueViolation, err == nil && tag.RowsAffected() == 0:
		return Document{}, fmt.Errorf("%w: not %d", ErrVersion, after)
	case err != nil:
		return Document{}, fmt.Errorf("put document: %w", interpret(err))
	}
	return next, nil
}

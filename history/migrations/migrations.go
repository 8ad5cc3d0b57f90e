// Package migrations holds the database's schema as numbered steps, forward
// only. They are applied by package history under an advisory lock.
package migrations

import "embed"

// FS holds the steps, NNN_name.sql, numbered without gaps.
//
//go:embed *.sql
var FS embed.FS

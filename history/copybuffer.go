package history

import (
	"bytes"
	"context"
	"encoding/binary"

	"github.com/jackc/pgx/v5"
)

// copyBuffer holds rows in the binary format of COPY. Rows are encoded while
// they are made, so that nothing but bytes is handed to the connection, and a
// value costs no interface and no reflection.
type copyBuffer struct {
	b    []byte
	rows int
}

const copyHeader = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

const (
	postgresEpochMicros = 946_684_800_000_000 // 2000-01-01 in microseconds since 1970
	postgresEpochDays   = 10_957
	textOID             = 25
)

func (c *copyBuffer) reset() { c.b, c.rows = c.b[:0], 0 }

// row begins a row of that many columns.
func (c *copyBuffer) row(columns int) {
	if c.rows == 0 {
		c.b = append(c.b[:0], copyHeader...)
	}
	c.rows++
	c.b = binary.BigEndian.AppendUint16(c.b, uint16(columns)) //nolint:gosec // a table has few columns
}

func (c *copyBuffer) size(n int) {
	c.b = binary.BigEndian.AppendUint32(c.b, uint32(n)) //nolint:gosec // a value is far smaller than 2 GiB
}

func (c *copyBuffer) null() { c.b = binary.BigEndian.AppendUint32(c.b, 0xffffffff) }

func (c *copyBuffer) text(s string) {
	c.size(len(s))
	c.b = append(c.b, s...)
}

// textOrNull writes NULL for an empty text.
func (c *copyBuffer) textOrNull(s string) {
	if s == "" {
		c.null()
		return
	}
	c.text(s)
}

// bytes writes bytea or json.
func (c *copyBuffer) bytes(b []byte) {
	c.size(len(b))
	c.b = append(c.b, b...)
}

// jsonb writes JSON text in version 1 of jsonb's format.
func (c *copyBuffer) jsonb(b []byte) {
	c.size(len(b) + 1)
	c.b = append(append(c.b, 1), b...)
}

func (c *copyBuffer) bool(v bool) {
	c.size(1)
	if v {
		c.b = append(c.b, 1)
	} else {
		c.b = append(c.b, 0)
	}
}

func (c *copyBuffer) int2(v int64) {
	c.size(2)
	c.b = binary.BigEndian.AppendUint16(c.b, uint16(v)) //nolint:gosec // two's complement; callers keep the range
}

func (c *copyBuffer) int4(v int64) {
	c.size(4)
	c.b = binary.BigEndian.AppendUint32(c.b, uint32(v)) //nolint:gosec // two's complement; callers keep the range
}

func (c *copyBuffer) int8(v int64) {
	c.size(8)
	c.b = binary.BigEndian.AppendUint64(c.b, uint64(v)) //nolint:gosec // two's complement
}

// micros writes a timestamptz from microseconds since 1970.
func (c *copyBuffer) micros(v int64) { c.int8(v - postgresEpochMicros) }

// millisOrNull writes a timestamptz from milliseconds since 1970; 0 is never.
func (c *copyBuffer) millisOrNull(v int64) {
	if v == 0 {
		c.null()
		return
	}
	c.micros(v * 1000)
}

// day writes a date from days since 1970.
func (c *copyBuffer) day(v int64) { c.int4(v - postgresEpochDays) }

// texts writes text[].
func texts[T ~string](c *copyBuffer, list []T) {
	at := len(c.b)
	c.size(0)
	if len(list) == 0 {
		c.b = binary.BigEndian.AppendUint32(c.b, 0) // no dimension
		c.b = binary.BigEndian.AppendUint32(c.b, 0) // no NULL
		c.b = binary.BigEndian.AppendUint32(c.b, textOID)
	} else {
		for _, n := range [...]int{1, 0, textOID, len(list), 1} {
			c.size(n)
		}
		for _, s := range list {
			c.text(string(s))
		}
	}
	binary.BigEndian.PutUint32(c.b[at:], uint32(len(c.b)-at-4)) //nolint:gosec // far smaller than 2 GiB
}

// send copies the rows by that COPY … FROM STDIN (FORMAT binary).
func (c *copyBuffer) send(ctx context.Context, conn *pgx.Conn, sql string) error {
	if c.rows == 0 {
		return nil
	}
	c.b = append(c.b, 0xff, 0xff)
	_, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(c.b), sql)
	c.b = c.b[:len(c.b)-2]
	return err
}

// each gives the values of each row to f, those that are NULL as nil.
func (c *copyBuffer) each(f func(values [][]byte) error) error {
	if c.rows == 0 {
		return nil
	}
	var values [][]byte
	rest := c.b[len(copyHeader):]
	for len(rest) > 0 {
		columns := int(binary.BigEndian.Uint16(rest))
		rest, values = rest[2:], values[:0]
		for range columns {
			n := int(int32(binary.BigEndian.Uint32(rest))) //nolint:gosec // a size, or -1 for NULL
			rest = rest[4:]
			if n < 0 {
				values = append(values, nil)
				continue
			}
			values, rest = append(values, rest[:n:n]), rest[n:]
		}
		if err := f(values); err != nil {
			return err
		}
	}
	return nil
}

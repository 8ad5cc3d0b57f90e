package main

import (
	"bytes"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// TestNATSLogHoldsNoContent feeds what nats-server writes of faulty clients.
func TestNATSLogHoldsNoContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, format string
		args         []any
		want         string
	}{
		{
			"a broken protocol", "%s - Client parser ERROR, state=%d, i=%d: proto='%s...'",
			[]any{"cid:38", 41, 35, `"call 13812345678"`},
			`{"level":"warn","message":"nats: cid:38 - Client parser ERROR, state=41, i=35"}`,
		},
		{
			"a foreign subject", "%s - Publish Violation - Subject %q",
			[]any{"cid:40", "floor.other.order.paid.ada=40example=2Ecom"},
			`{"level":"warn","message":"nats: cid:40 - Publish Violation - Subject \"floor.other.order.paid.…\""}`,
		},
		{
			"a subscription", "%s - Subscription Violation - Subject %q, SID %s",
			[]any{"cid:40", "floor.>", "3"},
			`{"level":"warn","message":"nats: cid:40 - Subscription Violation - Subject \"floor.>\""}`,
		},
		{
			"the server's own", "Error flushing: %v",
			[]any{"disk full"},
			`{"level":"error","message":"nats: Error flushing: disk full"}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			l := &natsLog{log: zerolog.New(&out)}
			l.Errorf(c.format, c.args...)
			require.Equal(t, c.want+"\n", out.String())
		})
	}
}

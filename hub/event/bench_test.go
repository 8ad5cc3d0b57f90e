package event_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// plain is what most events are: a message without a check.
const plain = `{"specversion":"1.0","id":"star-000123","source":"star","type":"message.sent","time":"2020-05-14T12:19:08.25Z",` +
	`"subject":"c42","tenant":"star","data":{"conversation":"c42","message":"c42-m3","from":{"kind":"customer","id":"u-7"},` +
	`"text":"Where is my parcel? It should have been here on Monday, and the tracking page says nothing."}}`

func BenchmarkDecode(b *testing.B) {
	for name, raw := range map[string][]byte{"message": []byte(plain), "golden": goldens(b)[event.TypeMessageSent]} {
		b.Run(name, func(b *testing.B) {
			e, err := event.Decode(raw)
			require.NoError(b, err)
			subject := e.Subject()
			b.ReportAllocs()
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, err := event.DecodeMessage(subject, raw, e.Time); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, raw := range map[string][]byte{"message": []byte(plain), "golden": goldens(b)[event.TypeMessageSent]} {
		b.Run(name, func(b *testing.B) {
			e, err := event.Decode(raw)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Encode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

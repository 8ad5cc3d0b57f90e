package history_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
)

func TestDocuments(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	ctx := context.Background()
	put := func(id string, after int64, deleted bool, body string) (history.Document, error) {
		return db.PutDocument(ctx, "shop", history.Document{
			Kind: history.Boards, ID: id, Version: after, At: time.Unix(1_700_000_000+after, 0), Author: "ann", Deleted: deleted, Body: []byte(body),
		})
	}
	_, err := db.Document(ctx, "shop", history.Boards, "b1")
	require.ErrorIs(t, err, history.ErrNotFound)

	first, err := put("b1", 0, false, `{"name":"one"}`)
	require.NoError(t, err)
	require.EqualValues(t, 1, first.Version)
	_, err = put("b1", 0, false, `{"name":"another"}`)
	require.ErrorIs(t, err, history.ErrVersion, "somebody was first")
	_, err = put("b1", 7, false, `{}`)
	require.ErrorIs(t, err, history.ErrVersion, "a version that never was")
	_, err = put("b1", 1, false, `{"name":"two"}`)
	require.NoError(t, err)
	_, err = put("b2", 0, false, `{"name":"other"}`)
	require.NoError(t, err)
	_, err = put("b2", 1, true, `{}`)
	require.NoError(t, err)

	list, err := db.Documents(ctx, "shop", history.Boards)
	require.NoError(t, err)
	require.Len(t, list, 1, "what is deleted is not listed")
	require.JSONEq(t, `{"name":"two"}`, string(list[0].Body))
	require.Equal(t, "ann", list[0].Author)
	versions, err := db.Versions(ctx, "shop", history.Boards, "b1", 0, 10)
	require.NoError(t, err)
	require.Len(t, versions, 2)
	require.EqualValues(t, 2, versions[0].Version)
	older, err := db.Versions(ctx, "shop", history.Boards, "b1", 2, 10)
	require.NoError(t, err)
	require.Len(t, older, 1)

	others, err := db.Documents(ctx, "elsewhere", history.Boards)
	require.NoError(t, err)
	require.Empty(t, others)
}

// Of any number who put after the same version, one succeeds.
func TestDocumentsPutAtOnce(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	var wg sync.WaitGroup
	results := make(chan error, 8)
	for range cap(results) {
		wg.Go(func() {
			_, err := db.PutDocument(context.Background(), "shop", history.Document{Kind: history.Rules, ID: "current", At: time.Now(), Author: "ann", Body: []byte(`{}`)})
			results <- err
		})
	}
	wg.Wait()
	close(results)
	stored := 0
	for err := range results {
		if err == nil {
			stored++
			continue
		}
		require.ErrorIs(t, err, history.ErrVersion)
	}
	require.Equal(t, 1, stored)
}

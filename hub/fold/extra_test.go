package fold

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestExtraIsStoredAsBefore holds the stored form: what seldom happens stands
// among the session's own members, and nowhere if nothing of it did.
func TestExtraIsStoredAsBefore(t *testing.T) {
	t.Parallel()

	const plain = `{"c":"c1","n":1,"ch":"web","ha":"","st":5,"sd":"1970-01-01","up":0}`
	var s Session
	require.NoError(t, json.Unmarshal([]byte(plain), &s))
	require.Nil(t, s.Extra)
	require.Zero(t, *s.More())
	b, err := json.Marshal(&s)
	require.NoError(t, err)
	require.JSONEq(t, plain, string(b))

	const full = `{"c":"c1","n":1,"ch":"web","ha":"","ai":"done","ta":["vip"],"st":5,"sd":"1970-01-01","cl":true,"cb":"agent","oc":"spam","up":7,` +
		`"lh":{"kind":"agent","id":"a1"},"la":"a1","ft":{"o":true,"a":"a1"},"ho":"ticket","fr":12,"hf":true,"sr":4,"rn":["slow"],` +
		`"su":[{"id":"s1","s":true}],"tc":[{"at":1}],"iv":[{"k":"group","t":"g","a":"a1"}],"rv":{"USD":"2"}}`
	s = Session{}
	require.NoError(t, json.Unmarshal([]byte(full), &s))
	require.Equal(t, event.OutcomeSpam, s.More().Outcome)
	require.Equal(t, metric.AIStatus("done"), s.More().AIStatus)
	b, err = json.Marshal(&s)
	require.NoError(t, err)
	var want, got map[string]any
	require.NoError(t, json.Unmarshal([]byte(full), &want))
	require.NoError(t, json.Unmarshal(b, &got))
	delete(want, "tc") // of another form
	delete(got, "tc")
	require.Equal(t, want, got)
	require.Zero(t, nothing, "what is read of all others")
}

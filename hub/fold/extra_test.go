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
	require.Same(t, &nothing, s.More())
	b, err := json.Marshal(&s)
	require.NoError(t, err)
	require.JSONEq(t, plain, string(b))

	const full = `{"c":"c1","n":1,"ch":"web","ha":"","ai":"done","ta":["vip"],"st":5,"sd":"1970-01-01","cl":true,"cb":"agent","oc":"spam","up":7,` +
		`"lh":{"kind":"agent","id":"a1"},"la":"a1","lb":"bot","vo":[{"a":"a1","l":5,"t":true},{"a":"a2","l":7,"s":true},{"a":"a3","l":9}],"ft":{"o":true,"a":"a1"},"ho":"ticket","fr":12,"hf":true,"sr":4,"rn":["slow"],` +
		`"su":[{"id":"s1","s":true}],"tc":[{"at":1}],"iv":[{"k":"group","t":"g","a":"a1"}],"rv":{"USD":"2"}}`
	s = Session{}
	require.NoError(t, json.Unmarshal([]byte(full), &s))
	require.Equal(t, event.OutcomeSpam, s.Outcome)
	require.Equal(t, metric.AIStatus("done"), s.AIStatus)
	require.Equal(t, event.Bot, s.LastMessageBy.Kind())
	require.Equal(t, []event.AgentID{"a1", "a2", "a3"}, s.Agents())
	b, err = json.Marshal(&s)
	require.NoError(t, err)
	var want, got map[string]any
	require.NoError(t, json.Unmarshal([]byte(full), &want))
	require.NoError(t, json.Unmarshal(b, &got))
	delete(want, "tc") // of another form
	delete(got, "tc")
	require.Equal(t, want, got)
	require.Equal(t, Extra{Rare: &nothingRare}, nothing, "what is read of all others")
	require.Zero(t, nothingRare)
}

// TestVoicesStay: who looks at a session as it was before sees the voices that it had.
func TestVoicesStay(t *testing.T) {
	t.Parallel()

	st, s := New("desk"), &Session{}
	var before []Session
	for _, agent := range []event.AgentID{"a1", "a2", "a3", "a2", "a4"} {
		now := *s
		if s.Extra != nil {
			extra := *s.Extra
			now.Extra = &extra
		}
		before = append(before, now)
		st.voice(s, agent).Last++
	}
	for i, want := range [][]event.AgentID{nil, {"a1"}, {"a1", "a2"}, {"a1", "a2", "a3"}, {"a1", "a2", "a3"}} {
		require.Equal(t, want, before[i].Agents())
	}
	require.EqualValues(t, 2, s.More().Voices.of("a2").Last)
	require.EqualValues(t, 1, s.More().Voices.of("a4").Last)
	require.Nil(t, s.More().Voices.of("a5"))
}

// TestDealingsAreStoredAsBefore is the same for customers.
func TestDealingsAreStoredAsBefore(t *testing.T) {
	t.Parallel()

	const plain = `{"id":"u1","name":"Ann","wrote":true}`
	var c Customer
	require.NoError(t, json.Unmarshal([]byte(plain), &c))
	require.Nil(t, c.Dealings)
	b, err := json.Marshal(&c)
	require.NoError(t, err)
	require.JSONEq(t, plain, string(b))

	const full = `{"id":"u1","name":"Ann","invites":[{"k":"group","t":"g","a":"a1","c":"c1","n":1}],"joins":[{"k":"group","t":"g","d":"2026-01-02"}],` +
		`"orders":[{"id":"o1","p":5,"a":"2.5","u":"USD","c":{"c":"c1","n":1,"s":3,"h":"web"}}]}`
	c = Customer{}
	require.NoError(t, json.Unmarshal([]byte(full), &c))
	require.Len(t, c.More().Orders, 1)
	b, err = json.Marshal(&c)
	require.NoError(t, err)
	require.JSONEq(t, full, string(b))
	require.Zero(t, noDealings, "what is read of all others")
}

package event_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// required lists, for each type, the members that the contract does not mark
// with a ?, by their path within data. What has an optional object in its path
// is required where that object is there.
var required = map[event.Type][]string{
	event.TypeChannelUpdated:           {"channel", "name", "kind", "attribution.touch", "attribution.hours"},
	event.TypeTeamUpdated:              {"team", "name"},
	event.TypeAgentUpdated:             {"agent", "name"},
	event.TypeAgentPresence:            {"agent", "status"},
	event.TypeCustomerUpdated:          {"customer"},
	event.TypeConversationStarted:      {"conversation", "channel", "customer", "customer.id"},
	event.TypeConversationQueued:       {"conversation"},
	event.TypeConversationAssigned:     {"conversation", "to", "to.kind", "to.id"},
	event.TypeConversationClassified:   {"conversation"},
	event.TypeConversationViewed:       {"conversation", "agent"},
	event.TypeConversationLeft:         {"conversation", "agent"},
	event.TypeConversationHandoff:      {"conversation", "kind"},
	event.TypeConversationClosed:       {"conversation", "by", "by.kind"},
	event.TypeMessageSent:              {"conversation", "message", "from", "from.kind", "text", "check.verdict"},
	event.TypeMessageDelivered:         {"conversation", "message"},
	event.TypeMessageFailed:            {"conversation", "message"},
	event.TypeMessageBlocked:           {"conversation", "message", "from", "from.kind", "text", "violations"},
	event.TypeMessageFlagged:           {"conversation", "message", "from", "from.kind", "violations"},
	event.TypeSurveySent:               {"conversation", "survey"},
	event.TypeSurveyAnswered:           {"conversation", "survey"},
	event.TypeProductClicked:           {"customer", "product"},
	event.TypeOrderPaid:                {"order", "customer", "amount", "currency"},
	event.TypeServiceInvited:           {"conversation", "agent", "kind", "target"},
	event.TypeServiceJoined:            {"customer", "kind", "target"},
	event.TypeFlowTriggered:            {"flow", "name"},
	event.TypeTemplateCharged:          {"category", "amount", "currency"},
	event.TypeCreditAdded:              {"amount", "currency"},
	event.TypeAssistUsed:               {"conversation", "agent", "tool"},
	event.TypeDisputeOpened:            {"conversation", "message", "agent", "blocked", "text", "violations"},
	event.TypeDisputeDecided:           {"conversation", "message", "agent", "by", "decision", "reason"},
	event.TypeTenantConfigured:         {},
	event.TypeNotificationAcknowledged: {"agent", "items"},
}

// goldens reads the golden file of every type, and fails where one is missing
// or left over.
func goldens(tb testing.TB) map[event.Type][]byte {
	tb.Helper()
	files := make(map[event.Type][]byte)
	for _, typ := range event.Types() {
		raw, err := os.ReadFile(filepath.Join("testdata", "golden", string(typ)+".json"))
		require.NoError(tb, err, "every type has a golden file")
		files[typ] = raw
	}
	there, err := os.ReadDir(filepath.Join("testdata", "golden"))
	require.NoError(tb, err)
	require.Len(tb, there, len(files), "every golden file has a type")
	return files
}

// TestGolden decodes each type's example, which has every member that the type
// knows, and encodes it to the same bytes but for the white space.
func TestGolden(t *testing.T) {
	t.Parallel()

	for typ, raw := range goldens(t) {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()

			e, err := event.Decode(raw)
			require.NoError(t, err)
			require.Equal(t, typ, e.Type)
			nothingZero(t, reflect.ValueOf(e), "event")

			compact := jsontext.Value(append([]byte(nil), raw...))
			require.NoError(t, compact.Compact())
			again, err := e.Encode()
			require.NoError(t, err)
			require.Equal(t, string(compact), string(again))

			// What the server would make of it is the same event.
			require.Equal(t, e, event.New(e.Tenant, e.Source, e.ID, e.Time, e.Data))
			_, err = event.DecodeMessage(e.Subject(), raw, e.Time)
			require.NoError(t, err)
		})
	}
}

// nothingZero holds the examples to be whole.
func nothingZero(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	require.False(t, v.IsZero(), "%s is not in the golden file", path)
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		nothingZero(t, v.Elem(), path)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			nothingZero(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Struct {
			nothingZero(t, v.Index(0), path+"[0]")
		}
	}
}

// TestMinimal decodes each type with its required members alone, then with
// each optional one taken away, null, or beside a member that nobody knows.
func TestMinimal(t *testing.T) {
	t.Parallel()

	for typ, raw := range goldens(t) {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()

			e := parse(t, raw)
			full := e["data"].(map[string]any)
			least := map[string]any{}
			for name, v := range full {
				if isRequired(typ, name) {
					least[name] = v
				}
			}
			if typ == event.TypeSurveyAnswered {
				least["stars"] = full["stars"] // or level, see TestEitherOr
			}
			e["data"] = least
			least["a_field_of_the_future"] = map[string]any{"x": []any{1, "y"}}
			minimal := accept(t, e)

			for _, path := range paths(full, "") {
				if isRequired(typ, path) || typ == event.TypeSurveyAnswered && path == "stars" {
					continue
				}
				e["data"] = change(t, full, path, remove)
				absent := accept(t, e)
				e["data"] = change(t, full, path, func(any) (any, bool) { return nil, true })
				require.Equal(t, absent, accept(t, e), "%s: null is absent", path)
			}

			for name := range full {
				if _, there := least[name]; !there {
					least[name] = nil
				}
			}
			e["data"] = least
			require.Equal(t, minimal, accept(t, e), "null is absent")
		})
	}
}

// TestEitherOr decodes what the contract's table cannot say with a ?.
func TestEitherOr(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		typ   event.Type
		data  string
		field string // the fault, "" for none
	}{
		"level alone":                 {event.TypeSurveyAnswered, `{"conversation":"c","survey":"s","level":"neutral"}`, ""},
		"neither stars nor level":     {event.TypeSurveyAnswered, `{"conversation":"c","survey":"s"}`, "data.stars"},
		"no stars":                    {event.TypeSurveyAnswered, `{"conversation":"c","survey":"s","stars":0}`, "data.stars"},
		"six stars":                   {event.TypeSurveyAnswered, `{"conversation":"c","survey":"s","stars":6}`, "data.stars"},
		"unknown level":               {event.TypeSurveyAnswered, `{"conversation":"c","survey":"s","level":"great"}`, "data.level"},
		"unknown level beside stars":  {event.TypeSurveyAnswered, `{"conversation":"c","survey":"s","stars":1,"level":"great"}`, "data.level"},
		"broadcast":                   {event.TypeMessageSent, `{"message":"m","from":{"kind":"broadcast"},"text":"x","customer":"u","channel":"w"}`, ""},
		"broadcast to nobody":         {event.TypeMessageSent, `{"message":"m","from":{"kind":"broadcast"},"text":"x","channel":"w"}`, "data.customer"},
		"broadcast from nowhere":      {event.TypeMessageSent, `{"message":"m","from":{"kind":"broadcast"},"text":"x","customer":"u"}`, "data.channel"},
		"notice":                      {event.TypeMessageSent, `{"conversation":"c","message":"m","from":{"kind":"system"},"text":"","to":"agent"}`, ""},
		"blocked check":               {event.TypeMessageSent, `{"conversation":"c","message":"m","from":{"kind":"agent"},"text":"","check":{"verdict":"block"}}`, "data.check.verdict"},
		"empty list of violations":    {event.TypeMessageFlagged, `{"conversation":"c","message":"m","from":{"kind":"agent"},"violations":[]}`, ""},
		"violation without a rule":    {event.TypeMessageFlagged, `{"conversation":"c","message":"m","from":{"kind":"agent"},"violations":[{"category":"x","severity":"flag"}]}`, "data.violations[0].rule"},
		"violation that ends early":   {event.TypeMessageFlagged, `{"conversation":"c","message":"m","from":{"kind":"agent"},"violations":[{"rule":"r","category":"x","severity":"flag","start":3,"end":2}]}`, "data.violations[0].end"},
		"violation of unknown weight": {event.TypeMessageFlagged, `{"conversation":"c","message":"m","from":{"kind":"agent"},"violations":[{"rule":"r","category":"x","severity":"huge"}]}`, "data.violations[0].severity"},
		"customer as an assignee":     {event.TypeConversationAssigned, `{"conversation":"c","to":{"kind":"customer","id":"u"}}`, "data.to.kind"},
		"no notifications":            {event.TypeNotificationAcknowledged, `{"agent":"a","items":[]}`, "data.items"},
		"settings that are a list":    {event.TypeTenantConfigured, `{"settings":[]}`, "data.settings"},
		"negative capacity":           {event.TypeTeamUpdated, `{"team":"t","name":"T","capacity":-1}`, "data.capacity"},
		"hours of zero":               {event.TypeChannelUpdated, `{"channel":"w","name":"W","kind":"web","attribution":{"touch":"message","hours":0}}`, "data.attribution.hours"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			raw := envelopeOf(t, c.typ, c.data)
			if c.field == "" {
				_, err := event.Decode(raw)
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.field, refused(t, raw).Field)
		})
	}
}

// accept encodes, decodes and demands success; the id is always the same.
func accept(t *testing.T, e map[string]any) event.Event {
	t.Helper()
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	out, err := event.Decode(raw)
	require.NoError(t, err, "%s", raw)
	return out
}

// refused demands a refusal, which no text of the event may stand in.
func refused(t *testing.T, raw []byte) event.Refusal {
	t.Helper()
	_, err := event.Decode(raw)
	var r *event.Refusal
	require.ErrorAs(t, err, &r, "%.200s", raw)
	require.Contains(t, event.Reasons, r.Reason)
	require.NotContains(t, err.Error(), "parcel")
	return *r
}

func parse(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var e map[string]any
	require.NoError(t, json.Unmarshal(raw, &e))
	return e
}

func envelopeOf(t *testing.T, typ event.Type, data string) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": "1", "source": "test", "type": typ, "time": "2020-05-14T12:19:08Z",
		"subject": "c", "tenant": "star", "data": json.RawMessage(data),
	})
	require.NoError(t, err)
	return raw
}

func isRequired(typ event.Type, path string) bool {
	if slices.Contains(required[typ], path) {
		return true
	}
	// Within a list's elements only what TestEitherOr tests is required.
	return strings.Contains(path, "[") && (strings.HasSuffix(path, ".rule") || strings.HasSuffix(path, ".category") || strings.HasSuffix(path, ".end"))
}

// paths lists every member of an object, its objects' and its lists' objects'
// members too; what stands within settings is the tenant's own.
func paths(object map[string]any, under string) []string {
	var list []string
	for name, v := range object {
		path := under + name
		list = append(list, path)
		if name == "settings" {
			continue
		}
		switch v := v.(type) {
		case map[string]any:
			list = append(list, paths(v, path+".")...)
		case []any:
			if element, ok := v[0].(map[string]any); ok {
				list = append(list, paths(element, path+"[0].")...)
			}
		}
	}
	return list
}

func remove(any) (any, bool) { return nil, false }

// change copies the object with the member at path replaced, or left out.
func change(t *testing.T, object map[string]any, path string, f func(any) (any, bool)) map[string]any {
	t.Helper()
	raw, err := json.Marshal(object)
	require.NoError(t, err)
	out := parse(t, raw)
	at := out
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		if list, ok := strings.CutSuffix(step, "[0]"); ok {
			at = at[list].([]any)[0].(map[string]any)
		} else {
			at = at[step].(map[string]any)
		}
	}
	last := steps[len(steps)-1]
	if v, keep := f(at[last]); keep {
		at[last] = v
	} else {
		delete(at, last)
	}
	return out
}

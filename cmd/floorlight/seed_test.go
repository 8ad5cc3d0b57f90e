package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/web"
)

// seedQuestion asks a desk for what serves a row. It fails the test where the
// question is refused or answers nothing.
type seedQuestion func(d *seedDesk)

// TestEverySeedRow asks a running server, at a desk of each preset, for what
// serves each row of the four documents of metrics. A row that nothing is written
// down for fails.
func TestEverySeedRow(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t))
	var desks []*seedDesk
	for _, of := range seedDesks {
		desks = append(desks, openSeedDesk(t, s, of.tenant, of.preset, of.market))
	}
	rows := seedRowsOf(t)
	require.ElementsMatch(t, rows, slices.Collect(maps.Keys(seedRows)), "rows of the documents, and those that the table has")
	for _, row := range rows {
		t.Run(row, func(t *testing.T) {
			require.NotEmpty(t, seedRows[row])
			for _, d := range desks {
				at := *d
				at.t = t
				for _, ask := range seedRows[row] {
					ask(&at)
				}
			}
		})
	}
	for _, d := range desks {
		d.agrees()
	}
}

// agrees has the wallboard compared with the reports, in every cell of every dimension.
func (d *seedDesk) agrees() {
	d.t.Helper()
	var found comparison
	d.s.post("/v1/verify", d.owner, "application/json", map[string]bool{"live": true}, &found)
	require.True(d.t, found.Compared, found.Why)
	require.Empty(d.t, found.Busy)
	require.Empty(d.t, found.Differences)
	require.Greater(d.t, found.Numbers, 2000)
}

// seedRowsOf are the numbers of the rows of sections T, W, K and S.
func seedRowsOf(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("../../../shared/spec/seed-features.md")
	require.NoError(t, err)
	var rows []string
	for _, m := range regexp.MustCompile(`(?m)^\| ([TWKS]\d+) \|`).FindAllSubmatch(b, -1) {
		rows = append(rows, string(m[1]))
	}
	require.Greater(t, len(rows), 100)
	return rows
}

// something says whether an answered value is one that says anything.
func something(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case float64:
		return v != 0
	case string:
		return v != ""
	case bool:
		return v
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

// at walks into a document.
func at(document any, path ...string) any {
	for _, name := range path {
		m, ok := document.(map[string]any)
		if !ok {
			return nil
		}
		document = m[name]
	}
	return document
}

func (d *seedDesk) json(path string) (document map[string]any) {
	d.t.Helper()
	d.s.read(path, d.owner, &document)
	return document
}

// asked are parameters for today, with what a row asks besides.
func (d *seedDesk) asked(more string) string {
	values, err := url.ParseQuery(more)
	require.NoError(d.t, err)
	for _, name := range []string{"from", "to"} {
		if !values.Has(name) {
			values.Set(name, d.today)
		}
	}
	return values.Encode()
}

// back is the local day so many days before today.
func (d *seedDesk) back(days int) string {
	return d.now.In(d.zone).AddDate(0, 0, -days).Format(time.DateOnly)
}

// numbers asks for metrics of today, or as the parameters say. Each must have a
// value somewhere; under every dimension at least one row that is named.
func numbers(metrics, more string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		d.numbers(metrics, more, "value")
	}
}

// against is numbers that also have a value in the range before.
func against(metrics, more string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		d.numbers(metrics, more+"&compare=previous", "value")
		d.numbers(metrics, more+"&compare=previous", "previous", "value")
	}
}

// lately is numbers of the last so many days, today included.
func lately(days int, metrics, more string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		d.numbers(metrics, more+"&from="+d.back(days-1), "value")
	}
}

func (d *seedDesk) numbers(metrics, more string, member ...string) {
	d.t.Helper()
	asked := d.asked(more)
	document := d.json("/v1/metrics?metric=" + metrics + "&" + asked)
	rows, ok := document["rows"].([]any)
	require.True(d.t, ok)
	values, err := url.ParseQuery(asked)
	require.NoError(d.t, err)
	for by := range strings.SplitSeq(values.Get("by"), ",") {
		require.True(d.t, by == "" || slices.ContainsFunc(rows, func(row any) bool { return something(at(row, by)) }), "%s: no row has a %s: %s", d.tenant, by, asked)
	}
	for id := range strings.SplitSeq(metrics, ",") {
		require.True(d.t, slices.ContainsFunc(rows, func(row any) bool { return something(at(row, append([]string{"values", id}, member...)...)) }),
			"%s: %s has no %s: %s: %v", d.tenant, id, strings.Join(member, "."), asked, rows)
	}
}

// shows asks a live topic, with a filter perhaps, for members; a path's parts are
// separated by slashes.
func shows(topic string, paths ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		state := d.json("/v1/live/" + topic)["state"]
		for _, path := range paths {
			require.True(d.t, something(at(state, strings.Split(path, "/")...)), "%s: %s has no %s: %v", d.tenant, topic, path, state)
		}
	}
}

// gauges are numbers of the wallboard.
func gauges(ids ...string) seedQuestion {
	paths := make([]string, len(ids))
	for i, id := range ids {
		paths[i] = "metrics/" + id + "/value"
	}
	return shows("wallboard", paths...)
}

// pushed follows a topic until something comes by itself.
func pushed(topic string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		var first string
		require.Eventually(d.t, func() bool { first = d.s.firstEvent(d.t, "/v1/live/"+topic+"/events", d.owner); return first != "" }, 30*time.Second, 50*time.Millisecond)
		require.Contains(d.t, first, `"state"`)
	}
}

// narrows asks for conversations: a filter must let some through, and not all.
func narrows(params ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		from := "from=" + d.back(6)
		all := d.conversations(from)
		for _, p := range params {
			some := d.conversations(from + "&" + p)
			require.NotEmpty(d.t, some, "%s: %s", d.tenant, p)
			require.Less(d.t, len(some), len(all), "%s: %s", d.tenant, p)
		}
	}
}

func (d *seedDesk) conversations(params string) (rows []map[string]any) {
	d.t.Helper()
	var page struct{ Rows []map[string]any }
	d.s.read("/v1/conversations?limit=500&"+d.asked(params), d.owner, &page)
	return page.Rows
}

// lists asks for conversations by a filter and wants exactly those, by id.
func lists(params string, ids ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		var got []string
		for _, row := range d.conversations(params) {
			got = append(got, fmt.Sprint(row["id"]))
		}
		require.ElementsMatch(d.t, ids, got, "%s: %s", d.tenant, params)
	}
}

// columns are members that some conversation of the list has.
func columns(paths ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		rows := d.conversations("")
		for _, path := range paths {
			require.True(d.t, slices.ContainsFunc(rows, func(row map[string]any) bool { return something(at(row, strings.Split(path, "/")...)) }), "%s: no row has %s", d.tenant, path)
		}
	}
}

// files downloads a report as CSV and as XLSX, in both languages; both have the
// same table, with more than a header.
func files(path, params string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		heads := map[string]string{}
		for _, lang := range []string{"en", "zh"} {
			asked := "?lang=" + lang + "&" + d.asked(params)
			status, body := d.s.get(path+".csv"+asked, d.owner)
			require.Equal(d.t, http.StatusOK, status, "%s: %s: %s", d.tenant, path+asked, body)
			table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))).ReadAll()
			require.NoError(d.t, err)
			require.Greater(d.t, len(table), 1, "%s: %s", d.tenant, path+asked)
			heads[lang] = strings.Join(table[0], ",")
			status, body = d.s.get(path+".xlsx"+asked, d.owner)
			require.Equal(d.t, http.StatusOK, status)
			book, err := excelize.OpenReader(bytes.NewReader(body))
			require.NoError(d.t, err)
			sheet, err := book.GetRows(book.GetSheetName(0))
			require.NoError(d.t, err)
			require.Len(d.t, sheet, len(table), "%s: %s", d.tenant, path+asked)
		}
		require.NotEqual(d.t, heads["en"], heads["zh"])
	}
}

// agents asks for the table of agents and wants those members in its first row.
func agents(params string, paths ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		var table struct{ Rows []map[string]any }
		d.s.read("/v1/agents/performance?"+d.asked(params), d.owner, &table)
		require.NotEmpty(d.t, table.Rows, "%s: %s", d.tenant, params)
		for _, path := range paths {
			require.True(d.t, something(at(table.Rows[0], strings.Split(path, "/")...)), "%s: %s has no %s: %v", d.tenant, params, path, table.Rows[0])
		}
	}
}

// answers asks a path for members.
func answers(path string, paths ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		document := d.json(path)
		for _, path := range paths {
			require.True(d.t, something(at(document, strings.Split(path, "/")...)), "%s has no %s: %v", d.tenant, path, document)
		}
	}
}

// explains asks for the conversations behind numbers of today.
func explains(metrics ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		for _, id := range metrics {
			items, ok := d.json("/v1/metrics/" + id + "/explain?" + d.asked(""))["items"].([]any)
			require.True(d.t, ok && len(items) > 0, "%s: nothing is behind %s", d.tenant, id)
		}
	}
}

// pages are those of the browser's side: the script knows the path and has a file for
// it, and the server serves it, if the bundle is in this binary.
func pages(paths ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		known, err := os.ReadFile("../../web/src/lib/pagelist.ts")
		require.NoError(d.t, err)
		_, err = web.Files()
		built := err == nil
		for _, path := range paths {
			file := "Home"
			if path != "/" {
				m := regexp.MustCompile(`path: '` + path + `', file: '(\w+)'`).FindSubmatch(known)
				require.NotNil(d.t, m, path)
				file = string(m[1])
			}
			require.FileExists(d.t, "../../web/src/pages/"+file+".svelte")
			if built {
				status, body := d.s.get(path, "")
				require.Equal(d.t, http.StatusOK, status, path)
				require.Contains(d.t, string(body), "<!doctype html>", path)
			}
		}
	}
}

// on asks only the desks of a preset, or of a market of it: preset/market.
func on(which string, ask seedQuestion) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		if which == d.preset || which == d.preset+"/"+d.market {
			ask(d)
		}
	}
}

// refuses asks for what must not be answered, as a role.
func refuses(role, path string, status int) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		got, body := d.s.get(path, d.s.token(d.tenant, role))
		require.Equal(d.t, status, got, "%s: %s: %s", d.tenant, path, body)
	}
}

// firstEvent is the data of the first server-sent event of a path.
func (s *served) firstEvent(t *testing.T, path, token string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	require.Equal(t, http.StatusOK, answer.StatusCode)
	var got bytes.Buffer
	chunk := make([]byte, 4096)
	for {
		n, err := answer.Body.Read(chunk)
		got.Write(chunk[:n])
		if _, data, found := strings.Cut(got.String(), "data: "); found && strings.Contains(data, "\n\n") {
			one, _, _ := strings.Cut(data, "\n")
			require.True(t, json.Valid([]byte(one)), one)
			return one
		}
		if err != nil {
			return ""
		}
	}
}

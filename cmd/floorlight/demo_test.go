package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

func TestDemoRolesAreThereOnceTheDesksOpen(t *testing.T) {
	t.Parallel()

	d := demoRoles{secret: []byte(testSecret), log: zerolog.Nop()}
	require.Empty(t, d.list())
	desks := simulator.Desks(3)
	d.desks.Store(&desks)
	all := d.list()
	require.Len(t, all, 3)
	for i, tenant := range all {
		require.Equal(t, desks[i].Tenant, tenant.Tenant)
		require.Equal(t, desks[i].Name, tenant.Name)
		require.Equal(t, desks[i].Preset, tenant.Profile)
		var roles []live.Role
		for _, offered := range tenant.Roles {
			roles = append(roles, offered.Role)
			claims, err := live.ReadToken([]byte(testSecret), offered.Token, time.Now())
			require.NoError(t, err)
			require.Equal(t, desks[i].Tenant, claims.Tenant)
			require.Equal(t, offered.Role, claims.Role)
			require.Equal(t, offered.Agent, claims.Agent)
			require.Equal(t, offered.Role == live.RoleAgent, claims.Agent != "")
			require.WithinDuration(t, time.Now().Add(demoTokens), claims.Expires, time.Minute)
			_, err = live.ReadToken([]byte(testSecret), offered.Token, time.Now().Add(demoTokens+time.Minute))
			require.Error(t, err, "a visitor's token ends")
		}
		require.Equal(t, []live.Role{live.RoleSupervisor, live.RoleWallboard, live.RoleAgent, live.RoleOwner}, roles)
	}
}

func TestDemoRefusesSizesThatNoMachineTakes(t *testing.T) {
	t.Parallel()

	for flag, hint := range map[string]string{"--past=25h": "--past is 0s to 24h", "--days=367": "--days is 0 to 366", "--days=-1": "--days is 0 to 366"} {
		code, _, errs := command(t.Context(), nil, "demo", "--data-dir", t.TempDir(), flag)
		require.Equal(t, exitUsage, code, flag)
		require.Contains(t, errs, hint)
	}
	for _, args := range [][]string{{"--desks", "0"}, {"--desks", "65"}, {"--agents", "1"}, {"--rate", "0"}, {"--rate", "1001"}} {
		code, _, errs := command(t.Context(), nil, append([]string{"demo", "--data-dir", t.TempDir()}, args...)...)
		require.Equal(t, exitUsage, code, "%v", args)
		require.Contains(t, errs, "--desks is 1 to 64")
	}
}

// TestDemo lets visitors in as each role, and closes, when it starts again, what
// a run that was cut off had left open. A server that is no demo offers no roles.
func TestDemo(t *testing.T) {
	t.Parallel()

	dir := postgrestest.Dir(t)
	args := []string{"--desks", "1", "--agents", "4", "--rate", "1", "--past", "0s", "--days", "0"}
	s := startCommand(t, "demo", dir, args...)
	tokens := visit(t, s)
	for _, may := range []struct {
		role live.Role
		path string
	}{
		{live.RoleSupervisor, "/v1/live/agents"},
		{live.RoleWallboard, "/v1/live/wallboard"},
		{live.RoleAgent, "/v1/live/notifications"},
		{live.RoleOwner, "/v1/conversations?limit=1"},
	} {
		status, body := s.get(may.path, tokens[may.role])
		require.Equal(t, http.StatusOK, status, "%s: %s", may.role, body)
	}
	status, _ := s.get("/v1/conversations", tokens[live.RoleWallboard])
	require.Equal(t, http.StatusForbidden, status)

	publishOpen(t, s, tokens[live.RoleOwner], "left1")
	isOpen := func(token string) bool {
		var list struct {
			Rows []struct {
				Conversation string `json:"conversation"`
				ID           string `json:"id"`
			} `json:"rows"`
		}
		status, body := s.get("/v1/conversations?state=open&state=queued&state=human&state=bot&limit=500", token)
		require.Equal(t, http.StatusOK, status, "%s", body)
		require.NoError(t, json.Unmarshal(body, &list))
		for _, row := range list.Rows {
			if row.ID == "left1" || row.Conversation == "left1" {
				return true
			}
		}
		return false
	}
	require.Eventually(t, func() bool { return isOpen(tokens[live.RoleOwner]) }, 60*time.Second, 50*time.Millisecond)
	// Whatever a visitor sets, and wherever the desk is, holds at any hour.
	s.must("tenant", "set", "lumen", "--profile", "tiktok_shop", "--set", "timezone=Asia/Kathmandu", "--name", "Lumen by night")
	var before, after struct{ Label, Name string }
	require.Eventually(t, func() bool {
		s.read("/v1/tenant", tokens[live.RoleOwner], &before)
		return before.Name == "Lumen by night"
	}, 60*time.Second, 50*time.Millisecond)
	s.stop()

	s = startCommand(t, "demo", dir, args...)
	tokens = visit(t, s)
	require.Eventually(t, func() bool { return !isOpen(tokens[live.RoleOwner]) }, 60*time.Second, 50*time.Millisecond, "%s", s.log)
	s.read("/v1/tenant", tokens[live.RoleOwner], &after)
	require.Equal(t, before, after)
	s.stop()

	s = startServed(t, dir)
	status, body := s.get("/v1/demo/roles", "")
	require.Equal(t, http.StatusNotFound, status, "%s", body)
}

// visit waits until the desks are open and returns a token for each role.
func visit(t *testing.T, s *served) map[live.Role]string {
	t.Helper()
	tokens := make(map[live.Role]string)
	require.Eventually(t, func() bool {
		var offered struct {
			Tenants []struct {
				Roles []struct {
					Role  live.Role `json:"role"`
					Token string    `json:"token"`
				} `json:"roles"`
			} `json:"tenants"`
		}
		status, body := s.get("/v1/demo/roles", "")
		if status != http.StatusOK || json.Unmarshal(body, &offered) != nil || len(offered.Tenants) == 0 {
			return false
		}
		for _, r := range offered.Tenants[0].Roles {
			tokens[r.Role] = r.Token
		}
		return true
	}, 60*time.Second, 50*time.Millisecond, "%s", s.log)
	return tokens
}

// publishOpen brings in a conversation at the first desk that nobody closes.
func publishOpen(t *testing.T, s *served, token string, id event.ConversationID) {
	t.Helper()
	now := time.Now()
	tenant := simulator.Desks(1)[0].Tenant
	var batch bytes.Buffer
	for i, d := range []event.Data{
		&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: "somebody"}},
		&event.ConversationQueued{Conversation: id},
	} {
		e := event.New(tenant, "test", fmt.Sprint(id, "/", i), now, d)
		raw, err := e.Encode()
		require.NoError(t, err)
		batch.WriteByte("[,"[i])
		batch.Write(raw)
	}
	batch.WriteByte(']')
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, s.url+"/v1/events", &batch)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/cloudevents-batch+json")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	require.Equal(t, http.StatusOK, answer.StatusCode)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

type replayCommand struct {
	serverFlag `embed:""`

	File   string `arg:"" placeholder:"FILE" help:"NDJSON of {\"subject\",\"event\"} lines, also gzipped; - for stdin."`
	Speed  string `default:"max" placeholder:"1..max" help:"How many times as fast as it happened."`
	Rebase string `placeholder:"now" help:"now: move all times so that the last event is now."`
	Tenant string `placeholder:"TENANT" help:"Publish everything under this tenant."`
}

// Run publishes the file's events, from where an interrupted run stopped.
func (c *replayCommand) Run(ctx context.Context, env *environment) error {
	speed, err := c.factor()
	if err != nil {
		return err
	}
	if c.Rebase != "" && c.Rebase != "now" {
		return wrongUsage("--rebase %q: there is only now", c.Rebase)
	}
	if c.Tenant != "" && !event.ValidTenant(c.Tenant) {
		return wrongUsage("--tenant %q: a tenant is 1 to 64 of a-z 0-9 - _", c.Tenant)
	}
	server, err := c.client(env)
	if err != nil {
		return err
	}
	file, err := openRecording(c.File, env.stdin)
	if err != nil {
		return err
	}
	defer file.close()
	place, err := openPosition(env.settings, file.sum, c.URL, c.Tenant, c.Rebase)
	if err != nil {
		return err
	}
	if c.Rebase != "" && place.Made.IsZero() {
		last, err := file.lastTime()
		if err != nil {
			return err
		}
		place.Made = time.Now().UTC()
		place.Shift = int64(place.Made.Sub(last) / time.Second)
	}
	r := &replay{
		env: env, server: server, file: file, place: place, speed: speed, tenant: event.TenantID(c.Tenant),
		tally: newTally(env.stderr), progress: newProgress(env.stderr, file.size, "events"),
	}
	if place.Lines > 0 {
		_, _ = fmt.Fprintf(env.stderr, "going on at line %s\n", grouped(place.Lines+1))
	}
	began := time.Now()
	err = r.run(ctx)
	r.progress.end()
	if tellErr := r.tally.tell(env.stdout, time.Since(began)); tellErr != nil {
		return errors.Join(err, tellErr)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		return fmt.Errorf("%w; stopped behind line %s, and the same command goes on from there", err, grouped(place.Lines))
	}
	if n := r.tally.lost(); n > 0 {
		return fmt.Errorf("%s of the lines were not taken", grouped(int64(n)))
	}
	return nil
}

// factor is the speed; 0 stands for as fast as the server takes it.
func (c *replayCommand) factor() (float64, error) {
	if c.Speed == "max" {
		return 0, nil
	}
	f, err := strconv.ParseFloat(c.Speed, 64)
	if err != nil || f < 1 || f > 1e9 {
		return 0, wrongUsage("--speed %q: it is a number from 1 on, or max", c.Speed)
	}
	return f, nil
}

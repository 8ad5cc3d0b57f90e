package live

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how much may come in how long: as much at once, and then as much again
// over each such time. The zero Rate is no limit.
type Rate struct {
	Most int
	Per  time.Duration
}

// ParseRate reads a rate such as 500/s, 100/min or 20000/10s; off is no limit.
func ParseRate(text string) (Rate, error) {
	wrong := fmt.Errorf("%q is not a rate like 500/s, 100/min or 20000/10s, nor off", text)
	if text == "off" {
		return Rate{}, nil
	}
	count, per, found := strings.Cut(text, "/")
	if !found {
		return Rate{}, wrong
	}
	most, err := strconv.Atoi(count)
	if err != nil || most < 1 || most > mostRate {
		return Rate{}, wrong
	}
	r := Rate{Most: most}
	switch per {
	case "s":
		r.Per = time.Second
	case "min":
		r.Per = time.Minute
	case "h":
		r.Per = time.Hour
	default:
		if r.Per, err = time.ParseDuration(per); err != nil || r.Per < time.Second || r.Per > time.Hour {
			return Rate{}, wrong
		}
	}
	return r, nil
}

// mostRate is the largest number of a rate: beyond it there might as well be none.
const mostRate = 100_000_000

// String is the rate as ParseRate reads it.
func (r Rate) String() string {
	switch {
	case r.none():
		return "off"
	case r.Per == time.Second:
		return itoa(r.Most) + "/s"
	case r.Per == time.Minute:
		return itoa(r.Most) + "/min"
	case r.Per == time.Hour:
		return itoa(r.Most) + "/h"
	}
	return itoa(r.Most) + "/" + r.Per.String()
}

func (r Rate) none() bool { return r.Most <= 0 || r.Per <= 0 }

// limiter is a bucket that is full: a whole period's worth may come at once.
func (r Rate) limiter() *rate.Limiter {
	if r.none() {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(float64(r.Most)/r.Per.Seconds()), r.Most)
}

package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// mostProfiles is how many profiles a question may name.
const mostProfiles = 4

// takeProfiles takes the labels of profiles out of the parameters.
func takeProfiles(values map[string][]string) (rest map[string][]string, labels []string) {
	if _, ok := values["profile"]; !ok {
		return values, nil
	}
	rest = maps.Clone(values)
	delete(rest, "profile")
	return rest, commaList(values["profile"])
}

// compareProfiles answers a question under each of the profiles that it names, in
// one view of the database, and runs f over the answers. The first profile says
// which days are meant where the question does not; each counts them in its own
// zone. The one in force is answered as every report is; for the others the stored
// events are folded. answer asks one report its query, twice of some.
func (d *Database) compareProfiles(
	ctx context.Context, tenant string, values map[string][]string, labels []string, least uint64, now time.Time,
	answer func(context.Context, *report) error, f func([]*report) error,
) error {
	// What is in force is answered once before anything is folded: who reads months
	// that are not in memory holds other readers up, and a fold takes its time.
	ready := false
	for {
		complete := false
		err := d.asOf(ctx, tenant, least, func(ctx context.Context, s *cube.Session) error {
			desk, err := openDesk(ctx, s.Tx, tenant)
			if err != nil {
				return err
			}
			all, others, err := d.underEach(ctx, s, desk, values, labels, now)
			if err != nil {
				return err
			}
			for _, r := range all {
				if slices.Contains(others, r) {
					continue
				}
				if err := answer(ctx, r); err != nil {
					return err
				}
			}
			if !ready && len(others) > 0 && len(others) < len(all) {
				return nil
			}
			if err := d.others.fold(ctx, d, s, others, false); err != nil {
				return err
			}
			for _, r := range others {
				if err := answer(ctx, r); err != nil {
					return err
				}
			}
			complete = true
			return f(all)
		})
		if err != nil || complete {
			return err
		}
		ready = true
	}
}

// underEach makes a report with its question for each profile. others are those
// whose profile is not in force.
func (d *Database) underEach(
	ctx context.Context, s *cube.Session, desk *openedDesk, values map[string][]string, labels []string, now time.Time,
) (all, others []*report, err error) {
	if len(labels) > mostProfiles {
		return nil, nil, &metric.FieldError{Field: "profile", Message: fmt.Sprintf("at most %d profiles at once", mostProfiles)}
	}
	profiles, err := d.profilesOf(ctx, s.Tx, desk, labels)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range profiles {
		if slices.ContainsFunc(all, func(r *report) bool { return r.label == p.Label() }) {
			continue
		}
		own := *desk
		own.profile = p
		r := reportOf(s, &own, now)
		r.label = p.Label()
		if r.query, err = metric.ParseQuery(values, r.today(), &p.Settings); err != nil {
			return nil, nil, err
		}
		if len(all) > 0 {
			r.query.From, r.query.To = all[0].query.From, all[0].query.To
		}
		all = append(all, r)
		if p != desk.profile {
			others = append(others, r)
		}
	}
	return all, others, nil
}

// profilesOf finds what labels name: the profile in force, a version that a
// tenant.configured gave it, or, without a version or as version 0, a bare preset
// in the tenant's own time zone. Errors: *metric.FieldError, the database's.
func (d *Database) profilesOf(ctx context.Context, tx pgx.Tx, desk *openedDesk, labels []string) ([]*metric.Profile, error) {
	profiles := make([]*metric.Profile, 0, len(labels))
	var given []*metric.Profile // by the stored events, once they are read
	for _, label := range labels {
		preset, version, err := splitLabel(label)
		if err != nil {
			return nil, err
		}
		if preset == desk.profile.Name && version == desk.profile.Version {
			profiles = append(profiles, desk.profile)
			continue
		}
		if given == nil {
			if err := d.checkFoldable(ctx, tx, desk); err != nil {
				return nil, err
			}
			if given, err = profilesGiven(ctx, tx, desk.tenant); err != nil {
				return nil, err
			}
		}
		p, err := bareOrGiven(preset, version, desk, given)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, p)
	}
	return profiles, nil
}

func splitLabel(label string) (preset string, version int64, err error) {
	preset, text, ok := strings.Cut(label, "@")
	if !ok {
		return preset, 0, nil
	}
	if version, err = strconv.ParseInt(text, 10, 64); err != nil || version < 0 {
		return "", 0, &metric.FieldError{Field: "profile", Message: fmt.Sprintf("%q is no profile; one is a preset and a version, such as wecom@3", label)}
	}
	return preset, version, nil
}

func bareOrGiven(preset string, version int64, desk *openedDesk, given []*metric.Profile) (*metric.Profile, error) {
	if version == 0 && slices.Contains(metric.Presets(), preset) {
		zone, err := json.Marshal(map[string]string{"timezone": desk.profile.Timezone})
		if err != nil {
			return nil, err
		}
		return metric.NewProfile(preset, 0, zone)
	}
	for _, p := range slices.Backward(given) { // the last word on a version counts
		if p.Name == preset && p.Version == version {
			return p, nil
		}
	}
	there := []string{desk.profile.Label()}
	for _, p := range slices.Backward(given) {
		if !slices.Contains(there, p.Label()) {
			there = append(there, p.Label())
		}
	}
	for _, name := range metric.Presets() {
		if label := name + "@0"; !slices.Contains(there, label) {
			there = append(there, label)
		}
	}
	return nil, &metric.FieldError{Field: "profile", Message: fmt.Sprintf("unknown profile %s@%d; there are %s", preset, version, strings.Join(there, ", "))}
}

// Profiles are those that a question may name: the one in force first, then the
// others that the tenant was given, the latest first, then the bare presets.
// Where the events are no longer all stored, only the first can be asked under.
// Errors: ErrUnavailable.
func (d *Database) Profiles(ctx context.Context, tenant string) ([]*metric.Profile, error) {
	var all []*metric.Profile
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		all = []*metric.Profile{desk.profile}
		if err := d.checkFoldable(ctx, tx, desk); err != nil {
			if _, asked := errors.AsType[*metric.FieldError](err); asked {
				return nil
			}
			return err
		}
		given, err := profilesGiven(ctx, tx, tenant)
		if err != nil {
			return err
		}
		for _, p := range slices.Backward(given) {
			if !slices.ContainsFunc(all, func(known *metric.Profile) bool { return known.Label() == p.Label() }) {
				all = append(all, p)
			}
		}
		for _, name := range metric.Presets() {
			p, err := bareOrGiven(name, 0, desk, nil)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(all, func(known *metric.Profile) bool { return known.Label() == p.Label() }) {
				all = append(all, p)
			}
		}
		return nil
	})
	return all, err
}

// profilesGiven are the profiles that a tenant was ever given, in order. It is
// never nil.
func profilesGiven(ctx context.Context, tx pgx.Tx, tenant string) ([]*metric.Profile, error) {
	rows, err := tx.Query(ctx, `SELECT body FROM events WHERE tenant = $1 AND type = $2 ORDER BY epoch, seq`, tenant, string(event.TypeTenantConfigured))
	if err != nil {
		return nil, err
	}
	given := []*metric.Profile{}
	last := int64(0)
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&body}, func() error {
		e, err := event.Decode(body)
		if err != nil {
			return nil //nolint:nilerr // as everywhere, what a newer program would not take counts nowhere
		}
		c, ok := e.Data.(*event.TenantConfigured)
		if !ok {
			return nil
		}
		version := c.Version
		if version == 0 {
			version = last + 1
		}
		p, err := metric.NewProfile(c.Profile, version, c.Settings)
		if errors.Is(err, metric.ErrProfile) {
			return nil // as above
		}
		if err != nil {
			return err
		}
		last = version
		given = append(given, p)
		return nil
	})
	return given, err
}
